#include "buffer.hpp"
#include "calls.hpp"
#include "config.hpp"
#include "wire.hpp"

namespace fake {
namespace {

using pje::abi::Function;

constexpr size_t Index(Function function) { return static_cast<size_t>(function); }

// The memory that strided host data covers, seen from its first element.
struct HostView {
  const char *data = nullptr;
  Dims strides;
  int64_t low = 0;
  int64_t high = 0;
  std::string_view bytes() const { return {data + low, static_cast<size_t>(high - low)}; }
};

Status ReadHostView(const PJRT_Client_BufferFromHostBuffer_Args &args, const Shape &shape, HostView *view) {
  view->data = static_cast<const char *>(args.data);
  view->strides = HostStrides(shape.dense());
  if (args.num_byte_strides != 0 && !Current().ignore_strides) {
    if (args.num_byte_strides != shape.dims.size()) {
      return Invalid("num_byte_strides is ", args.num_byte_strides, ", expected ", shape.dims.size());
    }
    view->strides.assign(args.byte_strides, args.byte_strides + args.num_byte_strides);
  }
  if (shape.elements() == 0) return nullptr;
  if (args.data == nullptr) Misuse("data is NULL");
  view->high = static_cast<int64_t>(HostBytes(*FindType(shape.type)));
  for (size_t dim = 0; dim < shape.dims.size(); ++dim) {
    int64_t reach = view->strides[dim] * (shape.dims[dim] - 1);
    (reach < 0 ? view->low : view->high) += reach;
  }
  return nullptr;
}

bool CanAlias(const Shape &shape, const HostView &view) {
  bool aligned = reinterpret_cast<uintptr_t>(view.data) % 64 == 0;
  return aligned && FindType(shape.type)->bits >= 8 && view.strides == HostStrides(shape) &&
         shape.elements() > 0;
}

// The host memory is the device memory; done fires when the last user of it is gone.
StoragePtr AliasHost(const HostView &view, bool immutable, const CompletionPtr &done) {
  std::string_view bytes = view.bytes();
  uint64_t sum = immutable ? HashBytes(bytes) : 0;
  return Storage::Borrow(const_cast<char *>(bytes.data()), bytes.size(), immutable,
                         [bytes, sum, immutable, done] {
                           if (immutable && HashBytes(bytes) != sum)
                             Misuse("immutable zero-copy host memory was changed or freed before its event");
                           done->Set(nullptr);
                         });
}

struct Upload {
  Shape shape;
  // How the bytes are laid down, which may belie the shape.
  Shape packing;
  HostView view;
  StoragePtr storage;
  CompletionPtr ready;
  CompletionPtr done;
  uint64_t sum = 0;
};

// Reads as late as the semantics allow, so that memory freed too early shows up.
void LateUpload(const Upload &upload, const Status &status) {
  if (!status) {
    if (HashBytes(upload.view.bytes()) != upload.sum)
      Misuse("host memory was changed or freed before its event");
    PackToDevice(upload.packing, upload.view.data, upload.view.strides, upload.storage->data());
  }
  upload.done->Set(status);
  upload.ready->Set(status);
}

Status LateOf(Function function, const Status &status) {
  return status ? status : LateError(Index(function));
}

void StartUpload(PJRT_HostBufferSemantics semantics, Client *client, Upload upload) {
  std::chrono::nanoseconds delay = InjectedDelay(Index(Function::Client_BufferFromHostBuffer));
  if (semantics != PJRT_HostBufferSemantics_kImmutableOnlyDuringCall) {
    upload.sum = HashBytes(upload.view.bytes());
    client->scheduler->Submit({}, delay, [upload](const Status &status) {
      LateUpload(upload, LateOf(Function::Client_BufferFromHostBuffer, status));
    });
    return;
  }
  PackToDevice(upload.packing, upload.view.data, upload.view.strides, upload.storage->data());
  upload.done->Set(nullptr);
  client->scheduler->Submit({}, delay, [ready = upload.ready](const Status &status) {
    ready->Set(LateOf(Function::Client_BufferFromHostBuffer, status));
  });
}

Status CopyTo(PJRT_Buffer *source, PJRT_Memory *memory, Function function, PJRT_Buffer **copy) {
  Buffer &buffer = Use<Buffer>(source);
  ContentsPtr contents;
  if (Status bad = LiveContents(buffer, &contents)) return bad;
  StoragePtr target;
  if (Status bad = AllocateOn(memory, buffer.shape.device_bytes(), &target)) return bad;
  auto ready = std::make_shared<Completion>();
  Client *client = Use<Memory>(memory).client;
  client->scheduler->Submit({contents->ready}, InjectedDelay(Index(function)),
                            [contents, target, ready, function](const Status &status) {
                              Status outcome = LateOf(function, status);
                              if (!outcome) memcpy(target->data(), contents->get()->data(), target->size());
                              ready->Set(outcome);
                            });
  *copy = NewBuffer(client, memory, buffer.shape, MakeContents(ready, target));
  return nullptr;
}

}  // namespace

Status Call(PJRT_Client_BufferFromHostBuffer_Args &args) {
  Client &client = Use<Client>(args.client);
  Upload upload;
  if (Status bad = ReadShape(args.type, args.dims, args.num_dims, args.device_layout, &upload.shape))
    return bad;
  if (Current().device_layout == DeviceLayout::kRefuse && args.device_layout != nullptr)
    return Unimplemented("device layouts are not supported");
  if (Current().device_layout == DeviceLayout::kIgnore) upload.shape.layout = {};
  upload.packing = Current().device_layout == DeviceLayout::kLabel ? upload.shape.dense() : upload.shape;
  if (Status bad = ReadHostView(args, upload.shape, &upload.view)) return bad;
  PJRT_Memory *memory = nullptr;
  if (Status bad = PickMemory(&client, args.device, args.memory, &memory)) return bad;
  upload.done = std::make_shared<Completion>();
  bool zero_copy = args.host_buffer_semantics >= PJRT_HostBufferSemantics_kImmutableZeroCopy;
  if (zero_copy && CanAlias(upload.packing, upload.view)) {
    bool immutable = args.host_buffer_semantics == PJRT_HostBufferSemantics_kImmutableZeroCopy;
    upload.storage = AliasHost(upload.view, immutable, upload.done);
    upload.ready = std::make_shared<Completion>();
    client.scheduler->Submit({}, InjectedDelay(Index(Function::Client_BufferFromHostBuffer)),
                             [ready = upload.ready](const Status &status) { ready->Set(status); });
  } else {
    if (Status bad = AllocateOn(memory, upload.shape.device_bytes(), &upload.storage)) return bad;
    upload.ready = std::make_shared<Completion>();
    StartUpload(args.host_buffer_semantics, &client, upload);
  }
  Out(&args.done_with_host_buffer, NewEvent(&client, upload.done));
  Out(&args.buffer, NewBuffer(&client, memory, upload.shape, MakeContents(upload.ready, upload.storage)));
  return nullptr;
}

Status Call(PJRT_Buffer_ToHostBuffer_Args &args) {
  Buffer &buffer = Use<Buffer>(args.src);
  ContentsPtr contents;
  if (Status bad = LiveContents(buffer, &contents)) return bad;
  Shape shape = buffer.shape;
  Shape wanted = shape;
  if (args.host_layout != nullptr) {
    wanted.layout = {};
    if (Status bad = ReadLayout(args.host_layout, shape.dims.size(), &wanted.layout)) return bad;
    if (Current().ignore_host_layout) wanted.layout = shape.layout;
  }
  if (args.dst == nullptr) {
    args.dst_size = shape.host_bytes();
    return nullptr;
  }
  if (args.dst_size < shape.host_bytes())
    return Invalid("dst_size is ", args.dst_size, ", needed ", shape.host_bytes());
  auto done = std::make_shared<Completion>();
  char *dst = static_cast<char *>(args.dst);
  buffer.client->scheduler->Submit(
      {contents->ready}, InjectedDelay(Index(Function::Buffer_ToHostBuffer)),
      [contents, shape, strides = HostStrides(wanted), dst, done](const Status &status) {
        Status outcome = LateOf(Function::Buffer_ToHostBuffer, status);
        if (!outcome) UnpackFromDevice(shape, contents->get()->data(), strides, dst);
        done->Set(outcome);
      });
  Out(&args.event, NewEvent(buffer.client, done));
  return nullptr;
}

Status Call(PJRT_Buffer_CopyToDevice_Args &args) {
  PJRT_Buffer *copy = nullptr;
  if (!Use<Device>(args.dst_device).addressable) return Invalid("the destination device is not addressable");
  if (Status bad = CopyTo(args.buffer, DefaultMemory(args.dst_device), Function::Buffer_CopyToDevice, &copy))
    return bad;
  Out(&args.dst_buffer, copy);
  return nullptr;
}

Status Call(PJRT_Buffer_CopyToMemory_Args &args) {
  PJRT_Buffer *copy = nullptr;
  if (Status bad = CopyTo(args.buffer, args.dst_memory, Function::Buffer_CopyToMemory, &copy)) return bad;
  Out(&args.dst_buffer, copy);
  return nullptr;
}

Status Call(PJRT_Buffer_CopyRawToHost_Args &args) {
  Buffer &buffer = Use<Buffer>(args.buffer);
  ContentsPtr contents;
  if (Status bad = LiveContents(buffer, &contents)) return bad;
  if (args.dst == nullptr && args.transfer_size > 0) Misuse("dst is NULL");
  int64_t size = static_cast<int64_t>(buffer.shape.device_bytes());
  int64_t offset = args.offset;
  int64_t length = args.transfer_size;
  Status range = offset < 0 || length < 0 || offset > size || length > size - offset
                     ? Invalid("bytes ", offset, " + ", length, " are outside the buffer of ", size)
                     : nullptr;
  auto done = std::make_shared<Completion>();
  buffer.client->scheduler->Submit(
      {contents->ready}, InjectedDelay(Index(Function::Buffer_CopyRawToHost)),
      [contents, range, offset, length, dst = args.dst, done](const Status &status) {
        Status outcome = range ? range : LateOf(Function::Buffer_CopyRawToHost, status);
        if (!outcome && length > 0) {
          memcpy(dst, contents->get()->data() + offset, static_cast<size_t>(length));
        }
        done->Set(outcome);
      });
  Out(&args.event, NewEvent(buffer.client, done));
  return nullptr;
}

}  // namespace fake
