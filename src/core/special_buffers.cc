#include "core/special_buffers.hpp"

#include "base/dtype.hpp"
#include "base/placement.hpp"
#include "base/text.hpp"
#include "base/thread_context.hpp"
#include "core/buffer_copies.hpp"
#include "core/error_abi.hpp"

namespace pje {

namespace {

// Below this minor a view names its device only.
constexpr int kViewNamesMemory = 66;

Status check_type(const abi::Api &api, const ArrayType &type) {
  const DtypeInfo *dtype = dtype_info(type.dtype);
  if (dtype == nullptr || type.dtype == PJE_TOKEN)
    return invalid_argument("argument \"dtype\" is a token: plugins end the process over such a buffer");
  if (dtype->since_minor <= api.minor()) return {};
  return failure(PJE_UNIMPLEMENTED, concat("dtype ", dtype->name, " is newer than the plugin (PJRT 0.",
                                           api.minor(), "; added in 0.", dtype->since_minor, ")"));
}

Status check_place(const Client &client, const BufferPlace &place) {
  PJE_TRY(check_type(client.api(), *place.type));
  if (place.layout != nullptr) PJE_TRY(check_layout_rank(*place.layout, *place.type));
  if (place.device != nullptr && place.memory != nullptr)
    return invalid_argument("options.device and options.memory are both set: expected at most one");
  if (place.device != nullptr && &place.device->client() != &client)
    return invalid_argument("options.device belongs to another client");
  if (place.device != nullptr && !place.device->is_addressable())
    return invalid_argument(
        concat("options.device (id ", place.device->id(), ") belongs to another process"));
  if (place.memory != nullptr && &place.memory->client() != &client)
    return invalid_argument("options.memory belongs to another client");
  if (place.device == nullptr && place.memory == nullptr && client.addressable_devices().empty())
    return failure(PJE_FAILED_PRECONDITION, "the client has no addressable device");
  return {};
}

Device *device_of(const Client &client, const BufferPlace &place) {
  if (place.memory != nullptr) return nullptr;
  return place.device != nullptr ? place.device : client.addressable_devices()[0];
}

// For functions that know memories only.
Result<PJRT_Memory *> memory_of(const Client &client, const BufferPlace &place) {
  Memory *memory = place.memory != nullptr ? place.memory : device_of(client, place)->default_memory();
  if (memory == nullptr)
    return failure(PJE_UNIMPLEMENTED,
                   "the plugin does not tell the device's default memory: set options.memory");
  return memory->raw();
}

// Never none: real plugins end the process, now or later, over a shape without a layout.
LayoutData layout_of(const BufferPlace &place) {
  LayoutData data;
  if (place.layout != nullptr) {
    if (!place.layout->dense_order(*place.type, &data.minor_to_major)) return place.layout->data();
    return data;
  }
  data.minor_to_major = row_major_order(place.type->rank);
  return data;
}

const ArrayType *type_of(const BufferPlace &place) {
  return place.layout == nullptr ? place.type : place.layout->type_of(*place.type);
}

Result<Ref<Buffer>> adopt(Ref<Buffer> buffer, Client &client, PJRT_Buffer *raw) {
  buffer->adopt(client.hold(), client.api(), raw);
  return buffer;
}

template <class Args>
void set_shape(Args &args, const ArrayType &type, AbiLayout &layout) {
  args.shape_dims = type.dims;
  args.shape_num_dims = type.rank;
  args.shape_element_type = static_cast<PJRT_Buffer_Type>(type.dtype);
  args.shape_layout = layout.get();
}

struct ViewRelease {
  pje_callback release;
  void *release_data;
};

void view_released(void *, void *user_arg) {
  CallbackScope scope;
  std::unique_ptr<ViewRelease> record(static_cast<ViewRelease *>(user_arg));
  if (record->release != nullptr) record->release(record->release_data);
}

}  // namespace

Result<Ref<Buffer>> make_uninitialized(Client &client, const BufferPlace &place) {
  PJE_TRY(check_place(client, place));
  Ref<Buffer> buffer = make<Buffer>(type_of(place));
  AbiLayout layout(client.api(), layout_of(place));
  auto args = abi::zeroed<PJRT_Client_CreateUninitializedBuffer_Args>();
  args.client = client.raw();
  set_shape(args, *place.type, layout);
  if (place.memory != nullptr)
    args.memory = place.memory->raw();
  else
    args.device = device_of(client, place)->raw();
  PJE_TRY(client.api().call(args));
  return adopt(std::move(buffer), client, args.buffer);
}

Result<Ref<Buffer>> make_error_buffer(Client &client, const Error &error, const BufferPlace &place) {
  PJE_TRY(check_place(client, place));
  Ref<Buffer> buffer = make<Buffer>(type_of(place));
  AbiLayout layout(client.api(), layout_of(place));
  PayloadArray payload(error, client.api());
  auto args = abi::zeroed<PJRT_Client_CreateErrorBuffer_Args>();
  args.client = client.raw();
  args.error_code = static_cast<PJRT_Error_Code>(error.code());
  args.error_message = error.detail().data();
  args.error_message_size = error.detail().size();
  set_shape(args, *place.type, layout);
  PJE_ASSIGN(args.memory, memory_of(client, place));
  args.payload = payload.data();
  args.num_payload = payload.size();
  PJE_TRY(client.api().call(args));
  return adopt(std::move(buffer), client, args.buffer);
}

Result<Promised> make_alias(Client &client, const BufferPlace &place) {
  PJE_TRY(check_place(client, place));
  PJE_TRY(client.api().require<PJRT_Client_FulfillAliasBuffer_Args>());
  Promised made{make<Buffer>(type_of(place)), make<Fulfilment>()};
  AbiLayout layout(client.api(), layout_of(place));
  auto args = abi::zeroed<PJRT_Client_CreateAliasBuffer_Args>();
  args.client = client.raw();
  PJE_ASSIGN(args.memory, memory_of(client, place));
  set_shape(args, *place.type, layout);
  PJE_TRY(client.api().call(args));
  made.buffer->adopt(client.hold(), client.api(), args.alias_buffer);
  made.fulfilment->promise(client, Fulfilment::Alias{args.fulfill_alias_buffer_cb, type_of(place)});
  return made;
}

Result<Ref<Buffer>> make_view(Client &client, const DeviceView &view, const BufferPlace &place) {
  PJE_TRY(check_place(client, place));
  const ArrayType &type = *place.type;
  size_t needed = (type.num_elements * dtype_info(type.dtype)->bits + 7) / 8;
  if (view.size < needed)
    return invalid_argument(concat("argument \"size\" is ", view.size, " bytes: expected at least ", needed,
                                   " for ", type.text()));
  if (view.data == nullptr && needed > 0) return invalid_argument("argument \"data\" is NULL");
  Device *device = device_of(client, place);
  if (place.memory != nullptr && client.api().minor() < kViewNamesMemory)
    return failure(PJE_UNIMPLEMENTED, concat("options.memory: the plugin (PJRT 0.", client.api().minor(),
                                             ") knows only the devices of a view; added in 0.66"));
  Ref<Buffer> buffer = make<Buffer>(type_of(place));
  AbiLayout layout(client.api(), layout_of(place));
  auto record = std::make_unique<ViewRelease>(ViewRelease{view.release, view.release_data});
  auto args = abi::zeroed<PJRT_Client_CreateViewOfDeviceBuffer_Args>();
  args.on_delete_callback = view_released;
  args.on_delete_callback_arg = record.get();
  args.client = client.raw();
  args.device_buffer_ptr = view.data;
  args.dims = type.dims;
  args.num_dims = type.rank;
  args.element_type = static_cast<PJRT_Buffer_Type>(type.dtype);
  args.layout = layout.get();
  args.device = device == nullptr ? nullptr : device->raw();
  args.stream = view.stream;
  args.memory = place.memory == nullptr ? nullptr : place.memory->raw();
  PJE_TRY(client.api().call(args));
  // The plugin's from here on.
  (void)record.release();
  return adopt(std::move(buffer), client, args.buffer);
}

Result<Ref<Buffer>> bitcast(const Buffer &source, const ArrayType &type, const Layout *layout) {
  const abi::Api &api = source.client().api();
  PJE_TRY(source.check_usable());
  PJE_TRY(check_type(api, type));
  if (layout != nullptr) PJE_TRY(check_layout_rank(*layout, type));
  const ArrayType &old = *source.type();
  if (type.num_elements * dtype_info(type.dtype)->bits != old.num_elements * dtype_info(old.dtype)->bits)
    return invalid_argument(concat("the buffer is ", old.text(), ": expected as many bits in ", type.text()));
  BufferPlace place;
  place.type = &type;
  place.layout = layout;
  Ref<Buffer> buffer = make<Buffer>(type_of(place));
  AbiLayout given(api, layout_of(place));
  auto args = abi::zeroed<PJRT_Buffer_Bitcast_Args>();
  args.buffer = source.raw();
  args.element_type = static_cast<PJRT_Buffer_Type>(type.dtype);
  args.dims = type.dims;
  args.num_dims = type.rank;
  args.device_layout = layout == nullptr ? nullptr : given.get();
  PJE_TRY(api.call(args));
  return adopt(std::move(buffer), source.client(), args.out_buffer);
}

Result<Promised> donate_with_dependency(const char *function, Buffer &source) {
  PJE_TRY(source.check_usable());
  Promised made{make<Buffer>(source.type()), make<Fulfilment>()};
  const abi::Api &api = source.client().api();
  auto args = abi::zeroed<PJRT_Buffer_DonateWithControlDependency_Args>();
  args.buffer = source.raw();
  PJE_TRY(source.begin_taking());
  Status status = api.call(args);
  if (status.ok()) source.note_donation(function);
  source.end_taking();
  PJE_TRY(std::move(status));
  made.buffer->adopt(source.client().hold(), api, args.out_buffer);
  made.fulfilment->promise(source.client(),
                           Fulfilment::Dependency{args.callback_data, args.dependency_ready_callback});
  return made;
}

Result<RawCopyLater> copy_raw_to_host_later(const Buffer &source, size_t offset, size_t size) {
  PJE_TRY(check_raw_range(source, offset, size));
  Client &client = source.client();
  RawCopyLater made{make<Fulfilment>(), nullptr};
  auto args = abi::zeroed<PJRT_Buffer_CopyRawToHostFuture_Args>();
  args.buffer = source.raw();
  args.offset = static_cast<int64_t>(offset);
  args.transfer_size = static_cast<int64_t>(size);
  PJE_TRY(client.api().call(args));
  made.destination->promise(client,
                            Fulfilment::Destination{args.callback_data, args.future_ready_callback, size});
  made.done = make<Event>(client, RawEvent(client.api(), args.event), "PJRT_Buffer_CopyRawToHostFuture");
  return made;
}

}  // namespace pje
