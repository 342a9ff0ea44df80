// From host memory to a device, under each of PJRT's promises about the host memory.

#include "base/dtype.hpp"
#include "base/strides.hpp"
#include "base/text.hpp"
#include "base/thread_context.hpp"
#include "core/launch.hpp"
#include "core/upload.hpp"

namespace pje {

namespace {

constexpr const char *kUpload = "PJRT_Client_BufferFromHostBuffer";

bool is_zero_copy(PJRT_HostBufferSemantics semantics) {
  return semantics == PJRT_HostBufferSemantics_kImmutableZeroCopy ||
         semantics == PJRT_HostBufferSemantics_kMutableZeroCopy;
}

Status check_upload(const Client &client, const Upload &upload) {
  const ArrayType &type = *upload.type;
  const DtypeInfo *dtype = dtype_info(type.dtype);
  if (dtype == nullptr || type.dtype == PJE_TOKEN)
    return invalid_argument("argument \"dtype\" is a token: it has no host data to upload");
  if (dtype->since_minor > client.api().minor())
    return failure(PJE_UNIMPLEMENTED, concat("dtype ", dtype->name, " is newer than the plugin (PJRT 0.",
                                             client.api().minor(), "; added in 0.", dtype->since_minor, ")"));
  if (upload.data == nullptr && type.host_size > 0) return invalid_argument("argument \"data\" is NULL");
  if (!upload.byte_strides.empty()) {
    PJE_TRY(check_strides(type, upload.size, upload.byte_strides));
  } else if (upload.size < type.host_size) {
    return invalid_argument(concat("argument \"size\" is ", upload.size, " bytes: expected at least ",
                                   type.host_size, " for ", type.text()));
  }
  if (upload.layout != nullptr) PJE_TRY(check_layout_rank(*upload.layout, type));
  if (upload.device != nullptr && upload.memory != nullptr)
    return invalid_argument("options.device and options.memory are both set: expected at most one");
  if (upload.device != nullptr && &upload.device->client() != &client)
    return invalid_argument("options.device belongs to another client");
  if (upload.device != nullptr && !upload.device->is_addressable())
    return invalid_argument(
        concat("options.device (id ", upload.device->id(), ") belongs to another process"));
  if (upload.memory != nullptr && &upload.memory->client() != &client)
    return invalid_argument("options.memory belongs to another client");
  if (upload.device == nullptr && upload.memory == nullptr && client.addressable_devices().empty())
    return failure(PJE_FAILED_PRECONDITION, "the client has no addressable device to upload to");
  return {};
}

PJRT_Client_BufferFromHostBuffer_Args upload_args(const Client &client, const Upload &upload) noexcept {
  auto args = abi::zeroed<PJRT_Client_BufferFromHostBuffer_Args>();
  args.client = client.raw();
  args.data = upload.data;
  args.type = static_cast<PJRT_Buffer_Type>(upload.type->dtype);
  args.dims = upload.type->dims;
  args.num_dims = upload.type->rank;
  args.byte_strides = upload.byte_strides.empty() ? nullptr : upload.byte_strides.data();
  args.num_byte_strides = upload.byte_strides.size();
  args.host_buffer_semantics = upload.semantics;
  args.memory = upload.memory == nullptr ? nullptr : upload.memory->raw();
  if (upload.memory == nullptr)
    args.device = (upload.device == nullptr ? client.addressable_devices()[0] : upload.device)->raw();
  return args;
}

void release_array(void *array) { Ref<Array>::adopt(static_cast<Array *>(array)); }

// The buffer never came to the caller: its memory is free once the plugin has let go of it.
void abandon(Ref<Buffer> buffer, const RawEvent &host_done) {
  buffer = nullptr;
  if (host_done) (void)host_done.await(kUpload);
}

}  // namespace

Result<Ref<Buffer>> Buffer::from_host(Client &client, const Upload &upload, RawEvent *host_done) {
  PJE_TRY(check_upload(client, upload));
  if (upload.layout != nullptr) return from_host_in_layout(client, upload, host_done);
  return start_upload(client, upload, nullptr, host_done);
}

Result<Ref<Buffer>> Buffer::start_upload(Client &client, const Upload &upload,
                                         PJRT_Buffer_MemoryLayout *layout, RawEvent *host_done) {
  Ref<Buffer> buffer = make<Buffer>(upload.type);
  auto args = upload_args(client, upload);
  args.device_layout = layout;
  PJE_TRY(client.api().call(args));
  *host_done = RawEvent(client.api(), args.done_with_host_buffer);
  buffer->adopt(client.hold(), client.api(), args.buffer);
  return buffer;
}

[[gnu::flatten]] Status upload_plain(Client &client, const Upload &upload, pje_buffer **out,
                                     pje_event **host_done) {
  PJE_TRY(check_upload(client, upload));
  size_t num_slots = host_done == nullptr ? 1 : 2;
  SlotReservation slots(num_slots);
  auto args = upload_args(client, upload);
  PJE_TRY(client.api().call(args));
  RawEvent done(client.api(), args.done_with_host_buffer);
  if (host_done == nullptr && done && !is_zero_copy(upload.semantics)) {
    if (Status failed = done.finish(kUpload); !failed.ok()) [[unlikely]] {
      destroy_all(client.api(), &args.buffer, 1);
      return failed;
    }
  }
  uint8_t line = client.take_holds(num_slots);
  if (host_done != nullptr) *host_done = Event::give(slots, ClientHold(&client, line), done.take(), kUpload);
  make_outputs(slots, client, line, &args.buffer, &upload.type, out, 1);
  return {};
}

Result<Ref<Buffer>> Buffer::upload(Client &client, const Upload &upload) {
  if (is_zero_copy(upload.semantics)) return upload_async(client, upload, nullptr);
  RawEvent host_done;
  PJE_ASSIGN(Ref<Buffer> buffer, from_host(client, upload, &host_done));
  if (host_done) PJE_TRY(host_done.await(kUpload));
  if (upload.release != nullptr) {
    CallbackScope scope;
    upload.release(upload.release_data);
  }
  return buffer;
}

Result<Ref<Buffer>> Buffer::upload_async(Client &client, const Upload &upload, Ref<Event> *host_done) {
  RawEvent raw_done;
  PJE_ASSIGN(Ref<Buffer> buffer, from_host(client, upload, &raw_done));
  if (upload.release == nullptr && host_done == nullptr) return buffer;
  Ref<Event> event;
  try {
    event = raw_done ? make<Event>(client, std::move(raw_done), kUpload) : make<Event>(client, Status());
  } catch (...) {
    abandon(std::move(buffer), raw_done);
    throw;
  }
  if (upload.release != nullptr) {
    Status registered = event->on_ready(upload.release, upload.release_data);
    if (!registered.ok()) {
      buffer = nullptr;
      (void)event->wait();
      return registered;
    }
  }
  if (host_done != nullptr) *host_done = std::move(event);
  return buffer;
}

Result<Ref<Buffer>> Buffer::from_kept_array(Client &client, Array &array, Upload destination,
                                            Ref<Event> *host_done) {
  destination.data = array.data();
  destination.size = array.size();
  destination.type = array.type();
  destination.release = release_array;
  destination.release_data = Ref<Array>::share(&array).leak();
  Result<Ref<Buffer>> buffer = upload_async(client, destination, host_done);
  if (!buffer.ok()) release_array(destination.release_data);
  return buffer;
}

}  // namespace pje
