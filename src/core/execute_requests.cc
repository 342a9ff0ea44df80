#include "core/execute_requests.hpp"

#include "base/log.hpp"
#include "base/pins.hpp"
#include "base/text.hpp"
#include "core/copy_stream.hpp"
#include "core/request_kinds.hpp"

namespace pje {

namespace {

RequestChannel &channel_of(void *user_data) noexcept { return *static_cast<RequestChannel *>(user_data); }

Result<Request> request_of(int32_t kind, const pje_transfer_info &info) {
  Request request;
  request.kind = kind;
  request.values = make<NamedValues>();
  NamedValues &values = *request.values;
  PJE_TRY(values.set("channel_id", info.channel_id));
  PJE_TRY(values.set("device_index", static_cast<int64_t>(info.device_index)));
  PJE_TRY(values.set("total_bytes", static_cast<int64_t>(info.total_bytes)));
  PJE_TRY(values.set("is_last", info.is_last != 0));
  values.lock();
  return request;
}

Status ask_send(RequestChannel &channel, const pje_transfer_info &info, Chunk &chunk) {
  PJE_ASSIGN(Request request, request_of(kRequestSend, info));
  request.data = chunk.data();
  request.size = chunk.size();
  request.owner = std::make_shared<Ref<Chunk>>(Ref<Chunk>::share(&chunk));
  return channel.ask(std::move(request), RequestChannel::kNoTimeout).status;
}

Status ask_receive(RequestChannel &channel, const pje_transfer_info &info, CopyStream &stream) {
  PJE_ASSIGN(Request request, request_of(kRequestReceive, info));
  request.object = Ref<Object>::share(&stream);
  Answer answer = channel.ask(std::move(request), RequestChannel::kNoTimeout);
  PJE_TRY(std::move(answer.status));
  if (answer.data.size() != stream.total_bytes())
    return invalid_argument(
        concat("the answer has ", answer.data.size(), " bytes: the program receives ", stream.total_bytes()));
  PJE_ASSIGN(Ref<Chunk> chunk, Chunk::copy(answer.data.data(), answer.data.size()));
  PJE_ASSIGN(Ref<Event> done, stream.add_chunk(*chunk));
  return {};
}

Status ask_output(RequestChannel &channel, const pje_output_info &info) {
  Request request;
  request.kind = kRequestOutput;
  request.values = make<NamedValues>();
  NamedValues &values = *request.values;
  PJE_TRY(values.set("callback_id", info.callback_id));
  PJE_TRY(values.set("replica", info.replica));
  PJE_TRY(values.set("partition", info.partition));
  PJE_TRY(values.set("operand_index", info.operand_index));
  PJE_TRY(values.set("dtype", static_cast<int64_t>(info.dtype)));
  PJE_TRY(values.set("dims", std::vector<int64_t>(info.dims, info.dims + info.rank)));
  values.lock();
  // The plugin's memory is gone once this returns, which a queue that is closed has it do before the answer.
  auto copy = std::make_shared<const std::string>(static_cast<const char *>(info.data), info.size);
  request.data = copy->data();
  request.size = copy->size();
  request.owner = std::move(copy);
  return channel.ask(std::move(request), RequestChannel::kNoTimeout).status;
}

pje_error *on_send(void *user_data, const pje_transfer_info *info, pje_chunk *chunk) {
  OwnHandles own;
  return ask_send(channel_of(user_data), *info, *resolve<Chunk>(chunk)).take().to_public();
}

pje_error *on_receive(void *user_data, const pje_transfer_info *info, pje_copy_stream *stream) {
  OwnHandles own;
  return ask_receive(channel_of(user_data), *info, *resolve<CopyStream>(stream)).take().to_public();
}

void on_output(void *user_data, const pje_output_info *info) {
  Status status = ask_output(channel_of(user_data), *info);
  if (!status.ok())
    log_line(concat("the result ", info->callback_id, " was not seen: ", status.error()->message()));
}

}  // namespace

Status add_send_requests(ExecuteHandlers &handlers, int64_t channel_id, const RequestQueue &queue) {
  handlers.keep(queue.channel());
  return handlers.add(ExecuteHandlers::Send{channel_id, on_send, queue.channel().get()});
}

Status add_receive_requests(ExecuteHandlers &handlers, int64_t channel_id, const RequestQueue &queue) {
  handlers.keep(queue.channel());
  return handlers.add(ExecuteHandlers::Receive{channel_id, on_receive, queue.channel().get()});
}

Status add_output_requests(ExecuteHandlers &handlers, int64_t callback_id, size_t num_operands,
                           const RequestQueue &queue) {
  handlers.keep(queue.channel());
  return handlers.add(ExecuteHandlers::Output{callback_id, num_operands, on_output, queue.channel().get()});
}

}  // namespace pje
