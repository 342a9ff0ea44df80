#include "host_transfers.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>

#include "calls.hpp"
#include "config.hpp"
#include "log.hpp"
#include "program.hpp"

namespace fake {
namespace {

// A chunk that the plugin gave to a send callback, which must give it back once.
struct SentChunk {
  using Handle = PJRT_Chunk;
  static constexpr Kind kKind = Kind::kChunk;
  std::vector<char> bytes;
};

void DeleteSentChunk(void *data, void *argument) {
  FunctionScope scope("the deleter of a sent chunk");
  std::unique_ptr<SentChunk> chunk = Retire<SentChunk>(static_cast<PJRT_Chunk *>(argument));
  if (chunk->bytes.data() != data) Misuse("the deleter is called with other data");
}

// A chunk that the host gave to a stream: given back once it has been copied.
struct TakenChunk {
  PJRT_Chunk chunk;
  CompletionPtr done;
};

struct StreamState {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<TakenChunk> waiting;
  size_t total = 0;
  size_t granule = 1;
  // What was added, and what of it was copied.
  size_t added = 0;
  std::vector<char> bytes;
  bool ended = false;
};

struct CopyStream {
  using Handle = PJRT_CopyToDeviceStream;
  static constexpr Kind kKind = Kind::kCopyStream;
  ~CopyStream() {
    std::lock_guard lock(state->mutex);
    state->ended = true;
    state->changed.notify_all();
  }
  std::shared_ptr<StreamState> state = std::make_shared<StreamState>();
};

void GiveBack(const PJRT_Chunk &chunk) {
  if (chunk.deleter != nullptr) chunk.deleter(chunk.data, chunk.deleter_arg);
}

// Copies what arrives until the stream is full, or ended before.
void Drain(StreamState &state) {
  std::unique_lock lock(state.mutex);
  while (state.bytes.size() < state.total) {
    if (state.waiting.empty()) {
      if (state.ended) return;
      state.changed.wait(lock);
      continue;
    }
    TakenChunk taken = std::move(state.waiting.front());
    state.waiting.pop_front();
    lock.unlock();
    const char *data = static_cast<const char *>(taken.chunk.data);
    std::vector<char> copied(data, data + taken.chunk.size);
    GiveBack(taken.chunk);
    taken.done->Set(nullptr);
    lock.lock();
    state.bytes.insert(state.bytes.end(), copied.begin(), copied.end());
  }
}

Shape ShapeFor(const TensorType &type, bool major_to_minor) {
  Shape shape{type.type, type.dims, {}};
  if (major_to_minor || !Current().column_major) return shape;
  for (size_t dim = 0; dim < type.dims.size(); ++dim)
    shape.layout.minor_to_major.push_back(static_cast<int64_t>(dim));
  return shape;
}

PJRT_Error *ToCallbackError(PJRT_Error_Code code, const char *message, size_t size) {
  return NewError(Fail(code, std::string(message, size)));
}
PJRT_CallbackError callback_error = ToCallbackError;

// Reads an error that a callback made, and destroys it.
void ThrowCallbackError(PJRT_Error *error) {
  Status failure = TakeError(error);
  throw ProgramError(failure->code, failure->message);
}

template <class Info>
const Info &Find(const std::vector<Info> &infos, int64_t channel, const char *what) {
  auto found =
      std::find_if(infos.begin(), infos.end(), [&](const Info &info) { return info.channel_id == channel; });
  if (found == infos.end())
    throw ProgramError(PJRT_Error_Code_INVALID_ARGUMENT,
                       Text("no ", what, " callback for channel ", channel));
  return *found;
}

}  // namespace

HostCallbacks ReadCallbacks(const PJRT_ExecuteOptions &options, size_t index) {
  HostCallbacks callbacks;
  if (options.num_send_ops > 0) {
    if (options.send_callbacks == nullptr) Misuse("send_callbacks is NULL");
    const PJRT_SendCallbackInfo *infos = options.send_callbacks[index];
    callbacks.sends.assign(infos, infos + options.num_send_ops);
    TraceStruct("PJRT_SendCallbackInfo", infos, sizeof *infos);
  }
  if (options.num_recv_ops > 0) {
    if (options.recv_callbacks == nullptr) Misuse("recv_callbacks is NULL");
    const PJRT_RecvCallbackInfo *infos = options.recv_callbacks[index];
    callbacks.receives.assign(infos, infos + options.num_recv_ops);
    TraceStruct("PJRT_RecvCallbackInfo", infos, sizeof *infos);
  }
  callbacks.major_to_minor = options.use_major_to_minor_data_layout_for_callbacks;
  for (size_t i = 0; i < options.num_hlo_output_callbacks; ++i) {
    callbacks.outputs.push_back(options.hlo_output_callbacks[i]);
    TraceStruct("PJRT_HloOutputCallbackInfo", &options.hlo_output_callbacks[i],
                sizeof options.hlo_output_callbacks[i]);
  }
  return callbacks;
}

void SendToHost(const HostCallbacks &callbacks, int64_t channel, const Tensor &tensor) {
  const PJRT_SendCallbackInfo &info = Find(callbacks.sends, channel, "send");
  Shape shape = ShapeFor(tensor.type, callbacks.major_to_minor);
  std::vector<char> bytes(shape.device_bytes());
  StoreTensor(tensor, shape, bytes.data());
  size_t most = Current().chunk_bytes > 0 ? static_cast<size_t>(Current().chunk_bytes) : bytes.size();
  size_t start = 0;
  do {
    size_t size = std::min(most, bytes.size() - start);
    auto sent = std::make_unique<SentChunk>();
    sent->bytes.assign(bytes.begin() + static_cast<ptrdiff_t>(start),
                       bytes.begin() + static_cast<ptrdiff_t>(start + size));
    PJRT_Chunk chunk{sent->bytes.data(), size, DeleteSentChunk, nullptr};
    chunk.deleter_arg = Publish(std::move(sent));
    start += size;
    PJRT_Error *error =
        info.send_callback(&chunk, &callback_error, bytes.size(), start == bytes.size(), info.user_arg);
    LogLine(Text("CALLBACK Send channel=", channel, " ", ThreadColumn()));
    if (error != nullptr) ThrowCallbackError(error);
  } while (start < bytes.size());
}

Tensor ReceiveFromHost(const HostCallbacks &callbacks, int64_t channel, const TensorType &type) {
  const PJRT_RecvCallbackInfo &info = Find(callbacks.receives, channel, "receive");
  Shape shape = ShapeFor(type, callbacks.major_to_minor);
  auto stream = std::make_unique<CopyStream>();
  std::shared_ptr<StreamState> state = stream->state;
  state->total = shape.device_bytes();
  state->granule = static_cast<size_t>(Current().granule.load());
  info.recv_callback(Publish(std::move(stream)), info.user_arg);
  LogLine(Text("CALLBACK Receive channel=", channel, " ", ThreadColumn()));
  Drain(*state);
  if (state->bytes.size() < state->total) {
    throw ProgramError(PJRT_Error_Code_INTERNAL, Text("the stream of channel ", channel, " ended after ",
                                                      state->bytes.size(), " of ", state->total, " bytes"));
  }
  return LoadTensor(shape, state->bytes.data());
}

void ShowOutput(const HostCallbacks &callbacks, int64_t callback_id, const Tensor &tensor) {
  for (const PJRT_HloOutputCallbackInfo &info : callbacks.outputs) {
    if (info.callback_id != callback_id) continue;
    Shape shape = ShapeFor(tensor.type, true);
    std::vector<char> device(shape.device_bytes());
    StoreTensor(tensor, shape, device.data());
    // One element a byte for the narrow ones, as in every host form.
    std::vector<char> host(shape.host_bytes());
    UnpackFromDevice(shape, device.data(), HostStrides(shape), host.data());
    info.callback(callbacks.replica, callbacks.partition, host.data(), tensor.type.dims.data(),
                  tensor.type.dims.size(), tensor.type.type, 0, info.user_arg);
  }
}

Status Call(PJRT_CopyToDeviceStream_Destroy_Args &args) {
  if (args.stream != nullptr) Retire<CopyStream>(args.stream);
  return nullptr;
}

Status Call(PJRT_CopyToDeviceStream_AddChunk_Args &args) {
  StreamState &state = *Use<CopyStream>(args.stream).state;
  if (args.chunk == nullptr) Misuse("chunk is NULL");
  const PJRT_Chunk &chunk = *args.chunk;
  TraceStruct("PJRT_Chunk", &chunk, sizeof chunk);
  if (chunk.data == nullptr && chunk.size > 0) Misuse("the chunk has no data");
  auto done = std::make_shared<Completion>();
  {
    std::lock_guard lock(state.mutex);
    if (chunk.size % state.granule == 0 && chunk.size <= state.total - state.added) {
      state.added += chunk.size;
      state.waiting.push_back({chunk, done});
      state.changed.notify_all();
    } else {
      done = nullptr;
    }
  }
  if (!done) {
    if (!Current().keeps_refused_chunks) GiveBack(chunk);
    return Invalid("a chunk of ", chunk.size, " bytes: granule ", state.granule, ", ", state.added, " of ",
                   state.total, " bytes are there");
  }
  Out(&args.transfer_complete, NewEvent(nullptr, done));
  return nullptr;
}

Status Call(PJRT_CopyToDeviceStream_TotalBytes_Args &args) {
  Out(&args.total_bytes, Use<CopyStream>(args.stream).state->total);
  return nullptr;
}

Status Call(PJRT_CopyToDeviceStream_GranuleSize_Args &args) {
  Out(&args.granule_size_in_bytes, Use<CopyStream>(args.stream).state->granule);
  return nullptr;
}

Status Call(PJRT_CopyToDeviceStream_CurrentBytes_Args &args) {
  StreamState &state = *Use<CopyStream>(args.stream).state;
  std::lock_guard lock(state.mutex);
  Out(&args.current_bytes, state.added);
  return nullptr;
}

}  // namespace fake
