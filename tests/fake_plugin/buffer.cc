#include "buffer.hpp"

#include <cstdlib>
#include <new>

#include "calls.hpp"
#include "config.hpp"
#include "wire.hpp"

namespace fake {
namespace {

constexpr std::align_val_t kAlignment{64};

}  // namespace

std::shared_ptr<Storage> Storage::Allocate(const std::shared_ptr<DeviceStats> &stats, size_t size) {
  if (!stats->Take(static_cast<int64_t>(size), Current().memory_limit)) return nullptr;
  std::shared_ptr<Storage> storage(new Storage);
  storage->stats_ = stats;
  storage->size_ = size;
  storage->owned_ = true;
  storage->data_ = static_cast<char *>(operator new(size == 0 ? 1 : size, kAlignment, std::nothrow));
  return storage->data_ == nullptr ? nullptr : storage;
}

std::shared_ptr<Storage> Storage::Borrow(void *data, size_t size, bool immutable,
                                         std::function<void()> on_release) {
  std::shared_ptr<Storage> storage(new Storage);
  storage->data_ = static_cast<char *>(data);
  storage->size_ = size;
  storage->immutable_ = immutable;
  storage->on_release_ = std::move(on_release);
  return storage;
}

Storage::~Storage() {
  if (owned_) {
    operator delete(data_, kAlignment);
    stats_->Give(static_cast<int64_t>(size_));
  }
  if (on_release_) on_release_();
}

Buffer::Buffer(Client *client_, PJRT_Memory *memory_, Shape shape_, ContentsPtr contents_)
    : client(client_),
      memory(memory_),
      device(Use<Memory>(memory_).device),
      shape(std::move(shape_)),
      reported_layout(MinorToMajor(shape.layout, shape.dims.size())),
      hold(std::make_unique<ChildHold>(client_, Kind::kBuffer)),
      contents_if_live(std::move(contents_)) {
  int dynamic = Current().dynamic_dim;
  if (dynamic < 0 || static_cast<size_t>(dynamic) >= shape.dims.size()) return;
  dynamic_dims.push_back(static_cast<size_t>(dynamic));
  unpadded_dims = shape.dims;
  unpadded_dims[dynamic_dims[0]] /= 2;
}

PJRT_Buffer *NewBuffer(Client *client, PJRT_Memory *memory, Shape shape, ContentsPtr contents) {
  return Publish(std::make_unique<Buffer>(client, memory, std::move(shape), std::move(contents)));
}

ContentsPtr MakeContents(CompletionPtr ready, StoragePtr storage) {
  auto contents = std::make_shared<Contents>();
  contents->ready = std::move(ready);
  contents->storage = std::move(storage);
  return contents;
}

Status AllocateOn(PJRT_Memory *memory, size_t bytes, StoragePtr *storage) {
  *storage = Storage::Allocate(Use<Device>(Use<Memory>(memory).device).stats, bytes);
  if (*storage) return nullptr;
  return Fail(PJRT_Error_Code_RESOURCE_EXHAUSTED, Text("Out of memory allocating ", bytes, " bytes."));
}

Status LiveContents(Buffer &buffer, ContentsPtr *contents) {
  *contents = buffer.contents();
  return *contents ? nullptr : Invalid("the buffer has been deleted or donated");
}

Status Call(PJRT_Buffer_Destroy_Args &args) {
  if (args.buffer == nullptr) return nullptr;
  std::unique_ptr<Buffer> buffer = Retire<Buffer>(args.buffer);
  if (buffer->external_references > 0) Misuse("the buffer is destroyed while external references are held");
  return nullptr;
}

Status Call(PJRT_Buffer_ElementType_Args &args) {
  Out(&args.type, Use<Buffer>(args.buffer).shape.type);
  return nullptr;
}

Status Call(PJRT_Buffer_Dimensions_Args &args) {
  const Buffer &buffer = Use<Buffer>(args.buffer);
  Out(&args.dims, buffer.shape.dims.data());
  Out(&args.num_dims, buffer.shape.dims.size());
  return nullptr;
}

Status Call(PJRT_Buffer_UnpaddedDimensions_Args &args) {
  const Buffer &buffer = Use<Buffer>(args.buffer);
  const Dims &dims = buffer.dynamic_dims.empty() ? buffer.shape.dims : buffer.unpadded_dims;
  Out(&args.unpadded_dims, dims.data());
  Out(&args.num_dims, dims.size());
  return nullptr;
}

Status Call(PJRT_Buffer_DynamicDimensionIndices_Args &args) {
  const Buffer &buffer = Use<Buffer>(args.buffer);
  Out(&args.dynamic_dim_indices, buffer.dynamic_dims.data());
  Out(&args.num_dynamic_dims, buffer.dynamic_dims.size());
  return nullptr;
}

Status Call(PJRT_Buffer_GetMemoryLayout_Args &args) {
  const Buffer &buffer = Use<Buffer>(args.buffer);
  args.layout.struct_size = pje::abi::struct_size<PJRT_Buffer_MemoryLayout>;
  args.layout.type = PJRT_Buffer_MemoryLayout_Type_Tiled;
  args.layout.tiled.struct_size = pje::abi::struct_size<PJRT_Buffer_MemoryLayout_Tiled>;
  args.layout.tiled.minor_to_major = buffer.reported_layout.data();
  args.layout.tiled.minor_to_major_size = buffer.reported_layout.size();
  return nullptr;
}

Status Call(PJRT_Buffer_OnDeviceSizeInBytes_Args &args) {
  Out(&args.on_device_size_in_bytes, Use<Buffer>(args.buffer).shape.device_bytes());
  return nullptr;
}

Status Call(PJRT_Buffer_Device_Args &args) {
  Out(&args.device, Use<Buffer>(args.buffer).device);
  return nullptr;
}

Status Call(PJRT_Buffer_Memory_Args &args) {
  Out(&args.memory, Use<Buffer>(args.buffer).memory);
  return nullptr;
}

Status Call(PJRT_Buffer_Delete_Args &args) {
  Buffer &buffer = Use<Buffer>(args.buffer);
  ContentsPtr dropped;
  std::lock_guard lock(buffer.mutex);
  if (buffer.external_references == 0) dropped.swap(buffer.contents_if_live);
  return nullptr;
}

Status Call(PJRT_Buffer_IsDeleted_Args &args) {
  Out(&args.is_deleted, Use<Buffer>(args.buffer).contents() == nullptr);
  return nullptr;
}

Status Call(PJRT_Buffer_IsOnCpu_Args &args) {
  Use<Buffer>(args.buffer);
  Out(&args.is_on_cpu, true);
  return nullptr;
}

Status Call(PJRT_Buffer_ReadyEvent_Args &args) {
  Buffer &buffer = Use<Buffer>(args.buffer);
  ContentsPtr contents = buffer.contents();
  Status gone = contents ? nullptr : Invalid("the buffer has been deleted or donated");
  Out(&args.event, NewEvent(buffer.client, contents ? contents->ready : FailedCompletion(gone)));
  return nullptr;
}

Status Call(PJRT_Buffer_UnsafePointer_Args &args) {
  ContentsPtr contents;
  if (Status bad = LiveContents(Use<Buffer>(args.buffer), &contents)) return bad;
  StoragePtr storage = contents->get();
  if (!storage) return Fail(PJRT_Error_Code_FAILED_PRECONDITION, "the buffer has no memory yet");
  Out(&args.buffer_pointer, reinterpret_cast<uintptr_t>(storage->data()));
  return nullptr;
}

Status Call(PJRT_Buffer_OpaqueDeviceMemoryDataPointer_Args &args) {
  ContentsPtr contents;
  if (Status bad = LiveContents(Use<Buffer>(args.buffer), &contents)) return bad;
  StoragePtr storage = contents->get();
  if (!storage) return Fail(PJRT_Error_Code_FAILED_PRECONDITION, "the buffer has no memory yet");
  Out(&args.device_memory_ptr, storage->data());
  return nullptr;
}

Status Call(PJRT_Buffer_IncreaseExternalReferenceCount_Args &args) {
  Buffer &buffer = Use<Buffer>(args.buffer);
  std::lock_guard lock(buffer.mutex);
  if (!buffer.contents_if_live) return Invalid("the buffer has been deleted or donated");
  ++buffer.external_references;
  return nullptr;
}

Status Call(PJRT_Buffer_DecreaseExternalReferenceCount_Args &args) {
  Buffer &buffer = Use<Buffer>(args.buffer);
  std::lock_guard lock(buffer.mutex);
  if (buffer.external_references == 0) return Invalid("the buffer has no external reference to drop");
  --buffer.external_references;
  return nullptr;
}

}  // namespace fake
