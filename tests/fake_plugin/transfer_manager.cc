#include "buffer.hpp"
#include "calls.hpp"
#include "config.hpp"
#include "log.hpp"
#include "wire.hpp"

namespace fake {
namespace {

using pje::abi::Function;

struct Target {
  Shape shape;
  StoragePtr storage;
  CompletionPtr ready = std::make_shared<Completion>();
  // Chunks still under way; the buffer is ready when the last one was announced and none is left.
  int64_t pending = 0;
  bool last_announced = false;
  bool retrieved = false;
};

// Shared with the chunks under way, which may outlive the manager.
struct Targets {
  std::mutex mutex;
  std::vector<Target> list;
};

struct TransferManager {
  using Handle = PJRT_AsyncHostToDeviceTransferManager;
  static constexpr Kind kKind = Kind::kTransferManager;
  ~TransferManager();
  Client *client = nullptr;
  PJRT_Memory *memory = nullptr;
  std::shared_ptr<Targets> targets = std::make_shared<Targets>();
  std::unique_ptr<ChildHold> hold;
};

TransferManager::~TransferManager() {
  std::vector<CompletionPtr> abandoned;
  {
    std::lock_guard lock(targets->mutex);
    for (const Target &target : targets->list) {
      if (!target.last_announced) abandoned.push_back(target.ready);
    }
  }
  Status status =
      Fail(PJRT_Error_Code_CANCELLED, "the transfer manager was destroyed before the transfer was complete");
  for (const CompletionPtr &ready : abandoned) ready->Set(status);
}

Status Find(TransferManager &manager, int index, Target **target) {
  if (index < 0 || static_cast<size_t>(index) >= manager.targets->list.size()) {
    return Invalid("buffer_index ", index, " is not below ", manager.targets->list.size());
  }
  *target = &manager.targets->list[static_cast<size_t>(index)];
  return nullptr;
}

struct Chunk {
  std::shared_ptr<Targets> targets;
  Target *target = nullptr;
  const char *data = nullptr;
  size_t offset = 0;
  size_t size = 0;
  uint64_t sum = 0;
  // A literal is packed by its own shape; a chunk is copied as it is.
  bool literal = false;
  Shape literal_shape;
};

// Reads at the last moment that the contract allows: the data must live until its event.
void Land(const Chunk &chunk, const CompletionPtr &done, const Status &status) {
  Target &target = *chunk.target;
  if (!status) {
    if (HashBytes({chunk.data, chunk.size}) != chunk.sum)
      Misuse("host memory was changed or freed before its event");
    if (chunk.literal) {
      Dims strides = HostStrides(chunk.literal_shape);
      PackToDevice(target.shape, chunk.data, strides, target.storage->data());
    } else if (chunk.size > 0) {
      memcpy(target.storage->data() + chunk.offset, chunk.data, chunk.size);
    }
  }
  bool finished = false;
  {
    std::lock_guard lock(chunk.targets->mutex);
    finished = --target.pending == 0 && target.last_announced;
  }
  done->Set(status);
  if (status || finished) target.ready->Set(status);
}

PJRT_Event *StartChunk(TransferManager &manager, Function function, Chunk chunk) {
  auto done = std::make_shared<Completion>();
  chunk.sum = HashBytes({chunk.data, chunk.size});
  manager.client->scheduler->Submit(
      {}, InjectedDelay(static_cast<size_t>(function)), [chunk, done, function](const Status &status) {
        Land(chunk, done, status ? status : LateError(static_cast<size_t>(function)));
      });
  return NewEvent(manager.client, done);
}

Status Announce(TransferManager &manager, Target *target, bool last) {
  std::lock_guard lock(manager.targets->mutex);
  if (target->last_announced) return Invalid("the last transfer of this buffer has been given already");
  target->last_announced = last;
  ++target->pending;
  return nullptr;
}

}  // namespace

Status Call(PJRT_Client_CreateBuffersForAsyncHostToDevice_Args &args) {
  Client &client = Use<Client>(args.client);
  auto manager = std::make_unique<TransferManager>();
  if (Status bad = PickMemory(&client, nullptr, args.memory, &manager->memory)) return bad;
  if (args.num_device_layouts != 0 && args.num_device_layouts != args.num_shape_specs) {
    return Invalid("num_device_layouts is ", args.num_device_layouts, ", expected 0 or ",
                   args.num_shape_specs);
  }
  for (size_t i = 0; i < args.num_shape_specs; ++i) {
    const PJRT_ShapeSpec &spec = args.shape_specs[i];
    if (Status bad = FAKE_CHECK_STRUCT(PJRT_ShapeSpec, &spec)) return bad;
    Target target;
    const PJRT_Buffer_MemoryLayout *layout = args.num_device_layouts == 0 ? nullptr : args.device_layouts[i];
    if (Status bad = ReadShape(spec.element_type, spec.dims, spec.num_dims, layout, &target.shape))
      return bad;
    if (Status bad = AllocateOn(manager->memory, target.shape.device_bytes(), &target.storage)) return bad;
    manager->targets->list.push_back(std::move(target));
  }
  manager->client = &client;
  manager->hold = std::make_unique<ChildHold>(&client, Kind::kTransferManager);
  Out(&args.transfer_manager, Publish(std::move(manager)));
  return nullptr;
}

Status Call(PJRT_AsyncHostToDeviceTransferManager_Destroy_Args &args) {
  if (args.transfer_manager != nullptr) Retire<TransferManager>(args.transfer_manager);
  return nullptr;
}

Status Call(PJRT_AsyncHostToDeviceTransferManager_TransferData_Args &args) {
  TransferManager &manager = Use<TransferManager>(args.transfer_manager);
  Target *target = nullptr;
  if (Status bad = Find(manager, args.buffer_index, &target)) return bad;
  int64_t size = static_cast<int64_t>(target->storage->size());
  if (args.offset < 0 || args.transfer_size < 0 || args.offset > size ||
      args.transfer_size > size - args.offset) {
    return Invalid("bytes ", args.offset, " + ", args.transfer_size, " are outside the buffer of ", size);
  }
  if (args.data == nullptr && args.transfer_size > 0) Misuse("data is NULL");
  if (Status bad = Announce(manager, target, args.is_last_transfer)) return bad;
  Chunk chunk{manager.targets,
              target,
              static_cast<const char *>(args.data),
              static_cast<size_t>(args.offset),
              static_cast<size_t>(args.transfer_size),
              0,
              false,
              {}};
  Out(&args.done_with_h2d_transfer,
      StartChunk(manager, Function::AsyncHostToDeviceTransferManager_TransferData, std::move(chunk)));
  return nullptr;
}

Status Call(PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args &args) {
  TransferManager &manager = Use<TransferManager>(args.transfer_manager);
  Target *target = nullptr;
  if (Status bad = Find(manager, args.buffer_index, &target)) return bad;
  if (args.shape_layout == nullptr) Misuse("shape_layout is NULL: real plugins abort");
  Shape shape;
  if (Status bad = ReadShape(args.shape_element_type, args.shape_dims, args.shape_num_dims, args.shape_layout,
                             &shape)) {
    return bad;
  }
  if (shape.dims != target->shape.dims || shape.type != target->shape.type)
    return Invalid("the literal has another shape");
  if (args.data == nullptr && shape.elements() > 0) Misuse("data is NULL");
  if (Status bad = Announce(manager, target, true)) return bad;
  Chunk chunk{
      manager.targets, target, static_cast<const char *>(args.data), 0, shape.host_bytes(), 0, true, shape};
  Out(&args.done_with_h2d_transfer,
      StartChunk(manager, Function::AsyncHostToDeviceTransferManager_TransferLiteral, std::move(chunk)));
  return nullptr;
}

Status Call(PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args &args) {
  TransferManager &manager = Use<TransferManager>(args.transfer_manager);
  Target *target = nullptr;
  if (Status bad = Find(manager, args.buffer_index, &target)) return bad;
  {
    std::lock_guard lock(manager.targets->mutex);
    if (std::exchange(target->retrieved, true)) Misuse("a buffer is retrieved a second time");
  }
  Out(&args.buffer_out,
      NewBuffer(manager.client, manager.memory, target->shape, MakeContents(target->ready, target->storage)));
  return nullptr;
}

Status Call(PJRT_AsyncHostToDeviceTransferManager_Device_Args &args) {
  Out(&args.device_out, Use<Memory>(Use<TransferManager>(args.transfer_manager).memory).device);
  return nullptr;
}

Status Call(PJRT_AsyncHostToDeviceTransferManager_BufferCount_Args &args) {
  Out(&args.buffer_count, Use<TransferManager>(args.transfer_manager).targets->list.size());
  return nullptr;
}

Status Call(PJRT_AsyncHostToDeviceTransferManager_BufferSize_Args &args) {
  Target *target = nullptr;
  if (Status bad = Find(Use<TransferManager>(args.transfer_manager), args.buffer_index, &target)) return bad;
  Out(&args.buffer_size, target->shape.device_bytes());
  return nullptr;
}

Status Call(PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args &args) {
  TransferManager &manager = Use<TransferManager>(args.transfer_manager);
  Target *target = nullptr;
  if (Status bad = Find(manager, args.buffer_index, &target)) return bad;
  {
    std::lock_guard lock(manager.targets->mutex);
    if (target->last_announced) return Invalid("the last transfer of this buffer has been given already");
    target->last_announced = true;
  }
  target->ready->Set(Fail(args.error_code, std::string(args.error_message, args.error_message_size)));
  return nullptr;
}

Status Call(PJRT_AsyncHostToDeviceTransferManager_AddMetadata_Args &args) {
  Use<TransferManager>(args.transfer_manager);
  for (size_t i = 0; i < args.num_metadata; ++i) {
    const PJRT_NamedValue &entry = args.transfer_metadata[i];
    if (Status bad = FAKE_CHECK_STRUCT(PJRT_NamedValue, &entry)) return bad;
    if (entry.type != PJRT_NamedValue_kString)
      Misuse("transfer metadata is no string: real plugins end the process");
    if (LogIsOpen())
      LogLine(Text("METADATA ", std::string_view(entry.name, entry.name_size), "=",
                   std::string_view(entry.string_value, entry.value_size)));
  }
  return nullptr;
}

}  // namespace fake
