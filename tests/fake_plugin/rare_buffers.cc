#include "buffer.hpp"
#include "calls.hpp"
#include "config.hpp"
#include "log.hpp"

namespace fake {
namespace {

using pje::abi::Function;

// Consumed by the one fulfilment of its buffer.
struct AliasCallback {
  using Handle = PJRT_FulfillAliasBufferCallback;
  static constexpr Kind kKind = Kind::kAliasCallback;
  std::unique_ptr<ChildHold> hold;
  ContentsPtr contents;
  Shape shape;
};

// What a caller gets to complete later, kept alive by the caller's one call to it.
struct PendingCopy {
  std::shared_ptr<Scheduler> scheduler;
  ContentsPtr contents;
  int64_t offset = 0;
  int64_t size = 0;
  CompletionPtr done;
};

Status FromCode(uint32_t code, const char *message, size_t size) {
  return code == PJRT_Error_Code_OK ? nullptr
                                    : Fail(code, std::string(message == nullptr ? "" : message, size));
}

void CopyWhenReady(PJRT_Buffer_CopyRawToHostFuture_Callback_Args *args) {
  FunctionScope scope("future_ready_callback");
  if (Status bad = FAKE_CHECK_STRUCT(PJRT_Buffer_CopyRawToHostFuture_Callback_Args, args))
    Misuse(bad->message);
  std::unique_ptr<PendingCopy> copy(static_cast<PendingCopy *>(args->callback_data));
  Status given = FromCode(args->error_code, args->error_message, args->error_message_size);
  if (given) {
    copy->done->Set(given);
    return;
  }
  if (args->dst == nullptr && copy->size > 0) Misuse("dst is NULL");
  std::chrono::nanoseconds delay = InjectedDelay(static_cast<size_t>(Function::Buffer_CopyRawToHostFuture));
  copy->scheduler->Submit({copy->contents->ready}, delay,
                          [contents = copy->contents, offset = copy->offset, size = copy->size,
                           dst = args->dst, done = copy->done](const Status &status) {
                            if (!status && size > 0) {
                              memcpy(dst, contents->get()->data() + offset, static_cast<size_t>(size));
                            }
                            done->Set(status);
                          });
}

void DependencyReady(PJRT_Buffer_DonateWithControlDependency_Callback_Args *args) {
  FunctionScope scope("dependency_ready_callback");
  if (Status bad = FAKE_CHECK_STRUCT(PJRT_Buffer_DonateWithControlDependency_Callback_Args, args))
    Misuse(bad->message);
  std::unique_ptr<CompletionPtr> dependency(static_cast<CompletionPtr *>(args->callback_data));
  (*dependency)->Set(FromCode(args->error_code, args->error_message, args->error_message_size));
}

}  // namespace

Status Call(PJRT_Client_CreateUninitializedBuffer_Args &args) {
  Client &client = Use<Client>(args.client);
  Shape shape;
  if (Status bad = ReadShape(args.shape_element_type, args.shape_dims, args.shape_num_dims, args.shape_layout,
                             &shape)) {
    return bad;
  }
  PJRT_Memory *memory = nullptr;
  if (Status bad = PickMemory(&client, args.device, args.memory, &memory)) return bad;
  StoragePtr storage;
  if (Status bad = AllocateOn(memory, shape.device_bytes(), &storage)) return bad;
  // Not zero, so that nobody comes to rely on it.
  memset(storage->data(), 0xa5, storage->size());
  Out(&args.buffer, NewBuffer(&client, memory, shape, MakeContents(ReadyCompletion(), storage)));
  return nullptr;
}

Status Call(PJRT_Client_CreateErrorBuffer_Args &args) {
  Client &client = Use<Client>(args.client);
  Shape shape;
  if (Status bad = ReadShape(args.shape_element_type, args.shape_dims, args.shape_num_dims, args.shape_layout,
                             &shape)) {
    return bad;
  }
  PJRT_Memory *memory = nullptr;
  if (Status bad = PickMemory(&client, nullptr, args.memory, &memory)) return bad;
  if (args.error_code == PJRT_Error_Code_OK) return Invalid("an error buffer needs an error");
  Failure failure{args.error_code, std::string(args.error_message, args.error_message_size), {}};
  if (Status bad = ReadPayload(args.payload, args.num_payload, &failure)) return bad;
  Status status = std::make_shared<const Failure>(std::move(failure));
  Out(&args.buffer, NewBuffer(&client, memory, shape, MakeContents(FailedCompletion(status), nullptr)));
  return nullptr;
}

Status Call(PJRT_Client_CreateViewOfDeviceBuffer_Args &args) {
  Client &client = Use<Client>(args.client);
  Shape shape;
  if (Status bad = ReadShape(args.element_type, args.dims, args.num_dims, args.layout, &shape)) return bad;
  PJRT_Memory *memory = nullptr;
  if (Status bad = PickMemory(&client, args.device, args.memory, &memory)) return bad;
  if (LogIsOpen()) LogLine(Text("VIEW stream=", args.stream));
  if (args.device_buffer_ptr == nullptr && shape.elements() > 0) Misuse("device_buffer_ptr is NULL");
  if (reinterpret_cast<uintptr_t>(args.device_buffer_ptr) % 64 != 0) {
    return Invalid("device_buffer_ptr must be aligned to 64 bytes");
  }
  auto release = [callback = args.on_delete_callback, data = args.device_buffer_ptr,
                  user = args.on_delete_callback_arg] {
    if (callback != nullptr) callback(data, user);
  };
  StoragePtr storage = Storage::Borrow(args.device_buffer_ptr, shape.device_bytes(), false, release);
  Out(&args.buffer, NewBuffer(&client, memory, shape, MakeContents(ReadyCompletion(), storage)));
  return nullptr;
}

Status Call(PJRT_Client_CreateAliasBuffer_Args &args) {
  Client &client = Use<Client>(args.client);
  auto callback = std::make_unique<AliasCallback>();
  Shape &shape = callback->shape;
  if (Status bad = ReadShape(args.shape_element_type, args.shape_dims, args.shape_num_dims, args.shape_layout,
                             &shape)) {
    return bad;
  }
  PJRT_Memory *memory = nullptr;
  if (Status bad = PickMemory(&client, nullptr, args.memory, &memory)) return bad;
  callback->contents = MakeContents(std::make_shared<Completion>(), nullptr);
  callback->hold = std::make_unique<ChildHold>(&client, Kind::kAliasCallback);
  Out(&args.alias_buffer, NewBuffer(&client, memory, shape, callback->contents));
  Out(&args.fulfill_alias_buffer_cb, Publish(std::move(callback)));
  return nullptr;
}

Status Call(PJRT_Client_FulfillAliasBuffer_Args &args) {
  Client &client = Use<Client>(args.client);
  std::unique_ptr<AliasCallback> callback = Retire<AliasCallback>(args.fulfill_alias_buffer_cb);
  ContentsPtr alias = callback->contents;
  if (args.status_code != PJRT_Error_Code_OK) {
    Status failure = FromCode(args.status_code, args.error_message, args.error_message_size);
    alias->ready->Set(failure);
    return failure;
  }
  Buffer &buffer = Use<Buffer>(args.buffer);
  ContentsPtr source;
  Status bad = buffer.shape.dims == callback->shape.dims && buffer.shape.type == callback->shape.type
                   ? LiveContents(buffer, &source)
                   : Invalid("the buffer's shape differs from its alias");
  if (bad) {
    alias->ready->Set(bad);
    return bad;
  }
  client.scheduler->Submit({source->ready}, std::chrono::nanoseconds(0),
                           [source, alias](const Status &status) {
                             {
                               std::lock_guard lock(alias->mutex);
                               alias->storage = source->get();
                             }
                             alias->ready->Set(status);
                           });
  return nullptr;
}

Status Call(PJRT_Buffer_Bitcast_Args &args) {
  Buffer &buffer = Use<Buffer>(args.buffer);
  ContentsPtr contents;
  if (Status bad = LiveContents(buffer, &contents)) return bad;
  Shape shape;
  if (Status bad = ReadShape(args.element_type, args.dims, args.num_dims, args.device_layout, &shape))
    return bad;
  if (shape.device_bytes() != buffer.shape.device_bytes()) {
    return Invalid("the new shape takes ", shape.device_bytes(), " bytes, the buffer has ",
                   buffer.shape.device_bytes());
  }
  Out(&args.out_buffer, NewBuffer(buffer.client, buffer.memory, shape, contents));
  return nullptr;
}

Status Call(PJRT_Buffer_CopyRawToHostFuture_Args &args) {
  Buffer &buffer = Use<Buffer>(args.buffer);
  auto copy = std::make_unique<PendingCopy>();
  if (Status bad = LiveContents(buffer, &copy->contents)) return bad;
  int64_t size = static_cast<int64_t>(buffer.shape.device_bytes());
  if (args.offset < 0 || args.transfer_size < 0 || args.offset > size ||
      args.transfer_size > size - args.offset) {
    return Invalid("bytes ", args.offset, " + ", args.transfer_size, " are outside the buffer of ", size);
  }
  copy->scheduler = buffer.client->scheduler;
  copy->offset = args.offset;
  copy->size = args.transfer_size;
  copy->done = std::make_shared<Completion>();
  Out(&args.event, NewEvent(buffer.client, copy->done));
  Out(&args.callback_data, static_cast<void *>(copy.release()));
  args.future_ready_callback = CopyWhenReady;
  return nullptr;
}

Status Call(PJRT_Buffer_DonateWithControlDependency_Args &args) {
  Buffer &buffer = Use<Buffer>(args.buffer);
  ContentsPtr source;
  {
    std::lock_guard lock(buffer.mutex);
    if (!buffer.contents_if_live) return Invalid("the buffer has been deleted or donated");
    if (buffer.external_references > 0)
      return Fail(PJRT_Error_Code_FAILED_PRECONDITION, "external references are held");
    source.swap(buffer.contents_if_live);
  }
  auto dependency = std::make_shared<Completion>();
  auto ready = std::make_shared<Completion>();
  buffer.client->scheduler->Submit({source->ready, dependency}, std::chrono::nanoseconds(0),
                                   [ready](const Status &status) { ready->Set(status); });
  Out(&args.out_buffer,
      NewBuffer(buffer.client, buffer.memory, buffer.shape, MakeContents(ready, source->get())));
  Out(&args.callback_data, static_cast<void *>(new CompletionPtr(dependency)));
  args.dependency_ready_callback = DependencyReady;
  return nullptr;
}

}  // namespace fake
