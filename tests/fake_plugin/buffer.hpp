// Device buffers, and how elements are arranged on host and device.
#pragma once

#include <optional>

#include "client.hpp"
#include "dtype.hpp"

namespace fake {

using Dims = std::vector<int64_t>;

// minor_to_major of a dense layout; empty is row-major.
struct Layout {
  Dims minor_to_major;
  bool operator==(const Layout &) const = default;
};

struct Shape {
  PJRT_Buffer_Type type = PJRT_Buffer_Type_INVALID;
  Dims dims;
  Layout layout;
  size_t elements() const;
  size_t device_bytes() const;
  size_t host_bytes() const;
  // The same shape in row-major order, as programs see it.
  Shape dense() const;
};

// Bytes on the device: the plugin's own, or a caller's that are only borrowed.
class Storage {
 public:
  static std::shared_ptr<Storage> Allocate(const std::shared_ptr<DeviceStats> &stats, size_t size);
  static std::shared_ptr<Storage> Borrow(void *data, size_t size, bool immutable,
                                         std::function<void()> on_release);
  ~Storage();
  char *data() const { return data_; }
  size_t size() const { return size_; }
  bool immutable() const { return immutable_; }

 private:
  Storage() = default;
  std::shared_ptr<DeviceStats> stats_;
  char *data_ = nullptr;
  size_t size_ = 0;
  bool owned_ = false;
  bool immutable_ = false;
  std::function<void()> on_release_;
};
using StoragePtr = std::shared_ptr<Storage>;

// What a buffer stands for once its ready event has fired. Alias buffers get their storage late.
struct Contents {
  CompletionPtr ready;
  std::mutex mutex;
  StoragePtr storage;
  StoragePtr get() {
    std::lock_guard lock(mutex);
    return storage;
  }
};
using ContentsPtr = std::shared_ptr<Contents>;

struct Buffer {
  using Handle = PJRT_Buffer;
  static constexpr Kind kKind = Kind::kBuffer;
  Buffer(Client *client_, PJRT_Memory *memory_, Shape shape_, ContentsPtr contents_);
  Client *client;
  PJRT_Memory *memory;
  PJRT_Device *device;
  Shape shape;
  std::vector<int64_t> reported_layout;
  // Of the control dynamic=; otherwise empty.
  std::vector<size_t> dynamic_dims;
  Dims unpadded_dims;
  std::unique_ptr<ChildHold> hold;
  // Null once deleted or donated.
  ContentsPtr contents() {
    std::lock_guard lock(mutex);
    return contents_if_live;
  }
  std::mutex mutex;
  ContentsPtr contents_if_live;
  int64_t external_references = 0;
};

PJRT_Buffer *NewBuffer(Client *client, PJRT_Memory *memory, Shape shape, ContentsPtr contents);
ContentsPtr MakeContents(CompletionPtr ready, StoragePtr storage);
// RESOURCE_EXHAUSTED when the memory= limit of the device is reached.
Status AllocateOn(PJRT_Memory *memory, size_t bytes, StoragePtr *storage);
Status LiveContents(Buffer &buffer, ContentsPtr *contents);

// Checks a caller's description of a shape; aborts on types that no plugin survives.
Status ReadShape(PJRT_Buffer_Type type, const int64_t *dims, size_t num_dims,
                 const PJRT_Buffer_MemoryLayout *layout, Shape *shape);
Status ReadLayout(const PJRT_Buffer_MemoryLayout *given, size_t rank, Layout *layout);
Dims MinorToMajor(const Layout &layout, size_t rank);
// Whether these are the dimensions 0 to rank - 1, each once.
bool IsOrder(Dims minor_to_major, size_t rank);
bool IsRowMajor(const Layout &layout, const Dims &dims);
// Byte strides of the host form.
Dims HostStrides(const Shape &shape);

// Between host form at any byte strides and the device form of `shape`.
void PackToDevice(const Shape &shape, const char *host, const Dims &strides, char *device);
void UnpackFromDevice(const Shape &shape, const char *device, const Dims &strides, char *host);

}  // namespace fake
