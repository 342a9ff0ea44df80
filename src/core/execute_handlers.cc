#include "core/execute_handlers.hpp"

#include <algorithm>

#include "base/array_type.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/thread_context.hpp"
#include "core/callback_answer.hpp"
#include "core/copy_stream.hpp"

namespace pje {

namespace {

template <class Entry, class Number>
Status check_new(const std::vector<Entry> &entries, Number Entry::*number, Number wanted, const char *name) {
  bool known = std::any_of(entries.begin(), entries.end(),
                           [&](const Entry &entry) { return entry.*number == wanted; });
  if (!known) return {};
  return invalid_argument(concat("argument \"", name, "\" is ", wanted, ", which has a handler already"));
}

pje_transfer_info info_of(int64_t channel_id, Device *device, size_t device_index) {
  pje_transfer_info info{};
  info.struct_size = sizeof(info);
  info.channel_id = channel_id;
  info.device = borrow(device);
  info.device_index = device_index;
  return info;
}

void log_failure(const char *what, const Status &status) {
  log_line(concat(what, ": ", status.error()->message()));
}

}  // namespace

ExecuteHandlers::~ExecuteHandlers() {
  if (release_ == nullptr) return;
  CallbackScope scope;
  release_(release_data_);
}

Status ExecuteHandlers::add(const Send &send) {
  PJE_TRY(check_new(sends_, &Send::channel_id, send.channel_id, "channel_id"));
  sends_.push_back(send);
  return {};
}

Status ExecuteHandlers::add(const Receive &receive) {
  PJE_TRY(check_new(receives_, &Receive::channel_id, receive.channel_id, "channel_id"));
  receives_.push_back(receive);
  return {};
}

Status ExecuteHandlers::add(const Output &output) {
  PJE_TRY(check_new(outputs_, &Output::callback_id, output.callback_id, "callback_id"));
  outputs_.push_back(output);
  return {};
}

BoundHandlers::BoundHandlers(const ExecuteHandlers &handlers, Client &client,
                             std::span<Device *const> devices)
    : num_sends_(handlers.sends().size()), num_receives_(handlers.receives().size()) {
  for (size_t d = 0; d < devices.size(); ++d) {
    for (const auto &send : handlers.sends()) bound_sends_.push_back({{&client, devices[d], d}, send});
    for (const auto &receive : handlers.receives())
      bound_receives_.push_back({{&client, devices[d], d}, receive});
  }
  bound_outputs_.assign(handlers.outputs().begin(), handlers.outputs().end());
  // Pointers into the lists, which do not grow any more.
  for (BoundSend &bound : bound_sends_) send_infos_.push_back({bound.send.channel_id, &bound, on_send});
  for (BoundReceive &bound : bound_receives_)
    receive_infos_.push_back({bound.receive.channel_id, &bound, on_receive});
  for (ExecuteHandlers::Output &bound : bound_outputs_)
    output_infos_.push_back({&bound, on_output, bound.callback_id, bound.num_operands});
  for (size_t d = 0; d < devices.size(); ++d) {
    if (num_sends_ > 0) send_lists_.push_back(&send_infos_[d * num_sends_]);
    if (num_receives_ > 0) receive_lists_.push_back(&receive_infos_[d * num_receives_]);
  }
}

PJRT_Error *BoundHandlers::on_send(PJRT_Chunk *raw, PJRT_CallbackError *make_error, size_t total, bool done,
                                   void *user_arg) noexcept {
  CallbackScope scope;
  auto &bound = *static_cast<BoundSend *>(user_arg);
  Status status;
  try {
    Ref<Chunk> chunk = Chunk::adopt(*raw);
    pje_transfer_info info = info_of(bound.send.channel_id, bound.device, bound.device_index);
    info.total_bytes = total;
    info.is_last = done ? 1 : 0;
    status =
        take_answer(bound.send.handler(bound.send.user_data, &info, borrow(chunk.get())), "pje_send_handler");
  } catch (...) {
    status = out_of_memory();
  }
  return to_plugin(status, make_error);
}

void BoundHandlers::on_receive(PJRT_CopyToDeviceStream *raw, void *user_arg) noexcept {
  CallbackScope scope;
  auto &bound = *static_cast<BoundReceive *>(user_arg);
  try {
    auto adopted = CopyStream::adopt(*bound.client, raw);
    if (!adopted.ok()) return log_failure("a receive", std::move(adopted).status());
    Ref<CopyStream> stream = std::move(adopted).value();
    pje_transfer_info info = info_of(bound.receive.channel_id, bound.device, bound.device_index);
    info.total_bytes = stream->total_bytes();
    info.is_last = 1;
    Status status = take_answer(bound.receive.handler(bound.receive.user_data, &info, borrow(stream.get())),
                                "pje_receive_handler");
    if (status.ok()) return;
    // There is no way to tell the plugin but to end the stream before it is full.
    log_failure("pje_receive_handler", status);
    stream->close();
  } catch (...) {
    log_line("a receive: no memory for its stream");
  }
}

void BoundHandlers::on_output(int64_t replica, int64_t partition, const void *data, const int64_t *dims,
                              size_t num_dims, PJRT_Buffer_Type type, int64_t operand,
                              void *user_arg) noexcept {
  CallbackScope scope;
  auto &bound = *static_cast<ExecuteHandlers::Output *>(user_arg);
  try {
    auto interned = intern_array_type(static_cast<pje_dtype>(type), dims, num_dims);
    if (!interned.ok()) return log_failure("an operation's result", std::move(interned).status());
    pje_output_info info{};
    info.struct_size = sizeof(info);
    info.callback_id = bound.callback_id;
    info.replica = replica;
    info.partition = partition;
    info.operand_index = operand;
    info.data = data;
    info.size = interned.value()->host_size;
    info.dims = interned.value()->dims;
    info.rank = num_dims;
    info.dtype = static_cast<int32_t>(interned.value()->dtype);
    bound.handler(bound.user_data, &info);
  } catch (...) {
    log_line("an operation's result: no memory to hand it over");
  }
}

}  // namespace pje
