#include "core/transfer_manager.hpp"

#include <algorithm>

#include "base/dtype.hpp"
#include "base/text.hpp"
#include "core/named_values_abi.hpp"

namespace pje {

namespace {

constexpr const char *kTransferData = "PJRT_AsyncHostToDeviceTransferManager_TransferData";
constexpr const char *kTransferLiteral = "PJRT_AsyncHostToDeviceTransferManager_TransferLiteral";

Status check_type(const abi::Api &api, const ArrayType &type) {
  const DtypeInfo *dtype = dtype_info(type.dtype);
  if (dtype == nullptr || type.dtype == PJE_TOKEN)
    return invalid_argument("argument \"dtypes\" holds a token: it has no data to transfer");
  if (dtype->since_minor <= api.minor()) return {};
  return failure(PJE_UNIMPLEMENTED, concat("dtype ", dtype->name, " is newer than the plugin (PJRT 0.",
                                           api.minor(), "; added in 0.", dtype->since_minor, ")"));
}

Result<Memory *> pick_memory(Client &client, Memory *memory) {
  if (memory != nullptr && &memory->client() != &client)
    return invalid_argument("argument \"memory\" belongs to another client");
  if (memory != nullptr) return memory;
  if (client.addressable_devices().empty())
    return failure(PJE_FAILED_PRECONDITION, "the client has no addressable device to transfer to");
  Memory *main = client.addressable_devices()[0]->default_memory();
  if (main == nullptr)
    return failure(PJE_FAILED_PRECONDITION, "the first device has no default memory: name one");
  return main;
}

Ref<Event> event_of(Client &client, PJRT_Event *raw, const char *origin) {
  RawEvent done(client.api(), raw);
  return done ? make<Event>(client, std::move(done), origin) : make<Event>(client, Status());
}

}  // namespace

TransferManager::TransferManager(Client &client, PJRT_AsyncHostToDeviceTransferManager *raw,
                                 std::span<const ArrayType *const> types)
    : hold_(client.hold()), api_(&client.api()), raw_(raw), data_(new Data) {
  data_->targets.resize(types.size());
  for (size_t i = 0; i < types.size(); ++i) data_->targets[i].type = types[i];
}

TransferManager::~TransferManager() { destroy_raw(); }

void TransferManager::on_client_close() noexcept {
  destroy_raw();
  hold_.become_leftover();
}

void TransferManager::destroy_raw() noexcept {
  if (raw_ == nullptr) return;
  try {
    Ref<Error> reason = failure_of("pje_transfer_manager_release", PJE_CANCELLED,
                                   "the transfer manager was released before the buffer was complete")
                            .take();
    fail_unfinished(*reason);
  } catch (...) {
    // Without memory it is left to the plugin what such buffers hold.
  }
  for (Target &target : data_->targets) target.buffer = nullptr;
  auto args = abi::zeroed<PJRT_AsyncHostToDeviceTransferManager_Destroy_Args>();
  args.transfer_manager = std::exchange(raw_, nullptr);
  api_->call_and_log(args);
}

Result<Ref<TransferManager>> TransferManager::create(Client &client, std::span<const ArrayType *const> types,
                                                     std::span<const Layout *const> layouts, Memory *memory) {
  const abi::Api &api = client.api();
  PJE_ASSIGN(Memory * target, pick_memory(client, memory));
  std::vector<const ArrayType *> as_they_lie(types.begin(), types.end());
  std::vector<PJRT_ShapeSpec> specs;
  std::vector<std::unique_ptr<AbiLayout>> owned;
  std::vector<PJRT_Buffer_MemoryLayout *> raw_layouts;
  for (size_t i = 0; i < types.size(); ++i) {
    PJE_TRY(check_type(api, *types[i]));
    auto spec = api.sized<PJRT_ShapeSpec>();
    spec.dims = types[i]->dims;
    spec.num_dims = types[i]->rank;
    spec.element_type = static_cast<PJRT_Buffer_Type>(types[i]->dtype);
    specs.push_back(spec);
    if (layouts.empty()) continue;
    if (layouts[i] != nullptr) {
      PJE_TRY(check_layout_rank(*layouts[i], *types[i]));
      as_they_lie[i] = layouts[i]->type_of(*types[i]);
      owned.push_back(std::make_unique<AbiLayout>(api, layouts[i]->data()));
    }
    raw_layouts.push_back(layouts[i] == nullptr ? nullptr : owned.back()->get());
  }
  auto args = abi::zeroed<PJRT_Client_CreateBuffersForAsyncHostToDevice_Args>();
  args.client = client.raw();
  args.shape_specs = specs.data();
  args.num_shape_specs = specs.size();
  args.device_layouts = raw_layouts.empty() ? nullptr : raw_layouts.data();
  args.num_device_layouts = raw_layouts.size();
  args.memory = target->raw();
  PJE_TRY(api.require<PJRT_AsyncHostToDeviceTransferManager_Destroy_Args>());
  PJE_TRY(api.call(args));
  try {
    return make<TransferManager>(client, args.transfer_manager, as_they_lie);
  } catch (...) {
    auto destroy = abi::zeroed<PJRT_AsyncHostToDeviceTransferManager_Destroy_Args>();
    destroy.transfer_manager = args.transfer_manager;
    api.call_and_log(destroy);
    throw;
  }
}

Status TransferManager::check_index(size_t index) const {
  if (raw_ == nullptr) return api_->unusable();
  if (index < num_buffers()) return {};
  return invalid_argument(
      concat("argument \"index\" is ", index, ": the transfer manager has ", num_buffers(), " buffers"));
}

Device *TransferManager::device() const noexcept {
  auto args = abi::zeroed<PJRT_AsyncHostToDeviceTransferManager_Device_Args>();
  args.transfer_manager = raw_;
  return raw_ != nullptr && api_->call(args).ok() ? client().device_of(args.device_out) : nullptr;
}

size_t TransferManager::plugin_num_buffers() const noexcept {
  auto args = abi::zeroed<PJRT_AsyncHostToDeviceTransferManager_BufferCount_Args>();
  args.transfer_manager = raw_;
  return raw_ != nullptr && api_->call(args).ok() ? args.buffer_count : num_buffers();
}

Result<size_t> TransferManager::buffer_size(size_t index) const {
  PJE_TRY(check_index(index));
  auto args = abi::zeroed<PJRT_AsyncHostToDeviceTransferManager_BufferSize_Args>();
  args.transfer_manager = raw_;
  args.buffer_index = static_cast<int>(index);
  PJE_TRY(api_->call(args));
  return args.buffer_size;
}

Result<Ref<Buffer>> TransferManager::take_buffer(size_t index) {
  auto buffer = make<Buffer>(data_->targets[index].type);
  auto args = abi::zeroed<PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args>();
  args.transfer_manager = raw_;
  args.buffer_index = static_cast<int>(index);
  PJE_TRY(api_->call(args));
  buffer->adopt(client().hold(), client().api(), args.buffer_out);
  return buffer;
}

Result<Ref<Buffer>> TransferManager::retrieve(size_t index) {
  PJE_TRY(check_index(index));
  Target &target = data_->targets[index];
  // Found out while the buffer is at hand; whether it can be is only of interest to who writes pieces.
  (void)way_of(index);
  {
    Lock lock(data_->mutex);
    if (target.handed_over)
      return failure(PJE_FAILED_PRECONDITION, concat("buffer ", index, " was retrieved before"));
    target.handed_over = true;
    if (target.buffer) return std::move(target.buffer);
  }
  Result<Ref<Buffer>> buffer = take_buffer(index);
  if (buffer.ok()) return buffer;
  Lock lock(data_->mutex);
  target.handed_over = false;
  return buffer;
}

Status TransferManager::set_raw_error(size_t index, const Error &reason) noexcept {
  auto args = abi::zeroed<PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args>();
  args.transfer_manager = raw_;
  args.buffer_index = static_cast<int>(index);
  args.error_code = static_cast<PJRT_Error_Code>(reason.code());
  args.error_message = reason.detail().data();
  args.error_message_size = reason.detail().size();
  // Also at the end of a client, when nothing else may reach the plugin.
  if (api_->usable()) return api_->call(args);
  api_->call_and_log(args);
  return {};
}

Status TransferManager::begin_last(Target &target) {
  Lock lock(data_->mutex);
  if (target.closed)
    return failure(PJE_FAILED_PRECONDITION,
                   "the buffer has had its last transfer, or its error: expected one of them, once");
  target.closed = true;
  return {};
}

void TransferManager::undo_last(Target &target) noexcept {
  Lock lock(data_->mutex);
  target.closed = false;
}

Status TransferManager::set_error(size_t index, const Error &reason) {
  PJE_TRY(check_index(index));
  Target &target = data_->targets[index];
  PJE_TRY(begin_last(target));
  Status status = set_raw_error(index, reason);
  if (!status.ok()) undo_last(target);
  return status;
}

void TransferManager::fail_unfinished(const Error &reason) noexcept {
  if (!api_->has<PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args>()) return;
  for (size_t i = 0; i < num_buffers(); ++i) {
    {
      Lock lock(data_->mutex);
      if (std::exchange(data_->targets[i].closed, true)) continue;
    }
    (void)set_raw_error(i, reason);
  }
}

Status TransferManager::add_metadata(const NamedValues &values) {
  PJE_TRY(check_index(0));
  // Real plugins end the process when they are given any other kind here.
  for (size_t i = 0; i < values.count(); ++i)
    if (values.kind(i) != PJE_VALUE_STRING)
      return invalid_argument(concat("argument \"values\": \"", values.name(i), "\" is ",
                                     value_kind_name(values.kind(i)), ": expected strings only"));
  NamedValueArray array(&values, *api_);
  auto args = abi::zeroed<PJRT_AsyncHostToDeviceTransferManager_AddMetadata_Args>();
  args.transfer_manager = raw_;
  args.transfer_metadata = array.data();
  args.num_metadata = array.size();
  return api_->call(args);
}

Result<Ref<Event>> TransferManager::start_data(size_t index, const void *data, size_t size, size_t offset,
                                               bool is_last) {
  auto args = abi::zeroed<PJRT_AsyncHostToDeviceTransferManager_TransferData_Args>();
  args.transfer_manager = raw_;
  args.buffer_index = static_cast<int>(index);
  args.data = data;
  args.offset = static_cast<int64_t>(offset);
  args.transfer_size = static_cast<int64_t>(size);
  args.is_last_transfer = is_last;
  PJE_TRY(api_->call(args));
  return event_of(client(), args.done_with_h2d_transfer, kTransferData);
}

Result<Ref<Event>> TransferManager::start_literal(size_t index, const void *data,
                                                  std::vector<int64_t> minor_to_major) {
  const ArrayType &type = *data_->targets[index].type;
  // Without one the process ends: real plugins look at it unasked.
  AbiLayout layout(*api_, std::move(minor_to_major));
  auto args = abi::zeroed<PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args>();
  args.transfer_manager = raw_;
  args.buffer_index = static_cast<int>(index);
  args.data = data;
  args.shape_dims = type.dims;
  args.shape_num_dims = type.rank;
  args.shape_element_type = static_cast<PJRT_Buffer_Type>(type.dtype);
  args.shape_layout = layout.get();
  PJE_TRY(api_->call(args));
  return event_of(client(), args.done_with_h2d_transfer, kTransferLiteral);
}

Result<Ref<Event>> TransferManager::transfer_data(size_t index, const void *data, size_t size, size_t offset,
                                                  bool is_last) {
  PJE_ASSIGN(size_t total, buffer_size(index));
  if (data == nullptr && size > 0) return invalid_argument("argument \"data\" is NULL");
  if (offset > total || size > total - offset)
    return invalid_argument(concat("arguments \"offset\" ", offset, " and \"size\" ", size,
                                   " reach beyond buffer ", index, ", which has ", total,
                                   " bytes on the device"));
  Target &target = data_->targets[index];
  if (is_last) {
    PJE_TRY(begin_last(target));
  } else {
    Lock lock(data_->mutex);
    if (target.closed)
      return failure(PJE_FAILED_PRECONDITION, "the buffer has had its last transfer, or its error");
  }
  Result<Ref<Event>> done = start_data(index, data, size, offset, is_last);
  if (!done.ok() && is_last) undo_last(target);
  return done;
}

Result<Ref<Event>> TransferManager::transfer_literal(size_t index, const void *data, size_t size,
                                                     const Layout *layout) {
  PJE_TRY(check_index(index));
  Target &target = data_->targets[index];
  if (data == nullptr && target.type->host_size > 0) return invalid_argument("argument \"data\" is NULL");
  if (size < target.type->host_size)
    return invalid_argument(concat("argument \"size\" is ", size, " bytes: expected at least ",
                                   target.type->host_size, " for ", target.type->text()));
  std::vector<int64_t> order(target.type->rank);
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(order.size() - 1 - i);
  if (layout != nullptr) {
    PJE_TRY(check_layout_rank(*layout, *target.type));
    if (!layout->dense_order(*target.type, &order))
      return invalid_argument(concat("argument \"layout\" is ", layout->text(),
                                     ": expected an order of dimensions without gaps"));
  }
  PJE_TRY(begin_last(target));
  Result<Ref<Event>> done = start_literal(index, data, std::move(order));
  if (!done.ok()) undo_last(target);
  return done;
}

}  // namespace pje
