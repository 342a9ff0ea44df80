#include <algorithm>
#include <numeric>

#include "buffer.hpp"
#include "calls.hpp"

namespace fake {
namespace {

// Visits every element in the order of the device's layout with its byte offset at the given strides.
template <class Visit>
void ForEachElement(const Shape &shape, const Dims &strides, Visit visit) {
  size_t rank = shape.dims.size();
  Dims order = MinorToMajor(shape.layout, rank);
  Dims index(rank, 0);
  int64_t offset = 0;
  size_t count = shape.elements();
  for (size_t element = 0; element < count; ++element) {
    visit(element, offset);
    for (int64_t axis : order) {
      size_t dim = static_cast<size_t>(axis);
      offset += strides[dim];
      if (++index[dim] < shape.dims[dim]) break;
      offset -= strides[dim] * shape.dims[dim];
      index[dim] = 0;
    }
  }
}

bool IsDenseCopy(const Shape &shape, const Dims &strides) {
  return FindType(shape.type)->bits >= 8 && strides == HostStrides(shape);
}

}  // namespace

size_t Shape::elements() const {
  size_t count = 1;
  for (int64_t dim : dims) count *= static_cast<size_t>(dim);
  return count;
}

size_t Shape::device_bytes() const { return DeviceBytes(*FindType(type), elements()); }
size_t Shape::host_bytes() const { return HostBytes(*FindType(type)) * elements(); }
Shape Shape::dense() const { return Shape{type, dims, {}}; }

Dims MinorToMajor(const Layout &layout, size_t rank) {
  if (!layout.minor_to_major.empty()) return layout.minor_to_major;
  Dims order(rank);
  std::iota(order.rbegin(), order.rend(), 0);
  return order;
}

bool IsRowMajor(const Layout &layout, const Dims &dims) {
  return MinorToMajor(layout, dims.size()) == MinorToMajor(Layout{}, dims.size());
}

Dims HostStrides(const Shape &shape) {
  Dims strides(shape.dims.size());
  int64_t stride = static_cast<int64_t>(HostBytes(*FindType(shape.type)));
  for (int64_t axis : MinorToMajor(shape.layout, shape.dims.size())) {
    strides[static_cast<size_t>(axis)] = stride;
    stride *= shape.dims[static_cast<size_t>(axis)];
  }
  return strides;
}

Status RefuseStrides(const PJRT_Buffer_MemoryLayout_Strides &given) {
  if (Status bad = FAKE_CHECK_STRUCT(PJRT_Buffer_MemoryLayout_Strides, &given)) return bad;
  std::string list;
  for (size_t i = 0; i < given.num_byte_strides; ++i) list += Text(i == 0 ? "" : ", ", given.byte_strides[i]);
  return Invalid("only tiled layouts are supported here, not byte strides ", list);
}

bool IsOrder(Dims minor_to_major, size_t rank) {
  std::sort(minor_to_major.begin(), minor_to_major.end());
  bool permutation = minor_to_major.size() == rank;
  for (size_t i = 0; permutation && i < rank; ++i) permutation = minor_to_major[i] == static_cast<int64_t>(i);
  return permutation;
}

Status ReadLayout(const PJRT_Buffer_MemoryLayout *given, size_t rank, Layout *layout) {
  if (given == nullptr) return nullptr;
  if (Status bad = FAKE_CHECK_STRUCT(PJRT_Buffer_MemoryLayout, given)) return bad;
  if (given->type != PJRT_Buffer_MemoryLayout_Type_Tiled) return RefuseStrides(given->strides);
  const PJRT_Buffer_MemoryLayout_Tiled &tiled = given->tiled;
  if (Status bad = FAKE_CHECK_STRUCT(PJRT_Buffer_MemoryLayout_Tiled, &tiled)) return bad;
  if (tiled.num_tiles != 0) return Unimplemented("tiles are not supported by the fake plugin");
  Dims order(tiled.minor_to_major, tiled.minor_to_major + tiled.minor_to_major_size);
  if (!IsOrder(order, rank)) return Invalid("minor_to_major is not a permutation of ", rank, " dimensions");
  layout->minor_to_major = std::move(order);
  return nullptr;
}

Status ReadShape(PJRT_Buffer_Type type, const int64_t *dims, size_t num_dims,
                 const PJRT_Buffer_MemoryLayout *layout, Shape *shape) {
  const TypeInfo *info = FindType(type);
  if (info == nullptr || info->since_minor > CurrentMinor()) {
    Misuse(Text("element type ", type, " does not exist at minor ", CurrentMinor()));
  }
  if (num_dims > 0 && dims == nullptr) Misuse("dims is NULL");
  shape->type = type;
  shape->dims.assign(dims, dims + num_dims);
  int64_t bytes = static_cast<int64_t>(HostBytes(*info));
  for (int64_t dim : shape->dims) {
    if (dim < 0) return Invalid("dimension ", dim, " is negative");
    if (dim > 0 && bytes > 0 && __builtin_mul_overflow(bytes, dim, &bytes))
      return Invalid("the dimensions overflow");
    if (dim == 0) bytes = 0;
  }
  return ReadLayout(layout, num_dims, &shape->layout);
}

void PackToDevice(const Shape &shape, const char *host, const Dims &strides, char *device) {
  if (shape.elements() == 0) return;
  if (IsDenseCopy(shape, strides)) {
    memcpy(device, host, shape.device_bytes());
    return;
  }
  const TypeInfo &info = *FindType(shape.type);
  size_t bytes = HostBytes(info);
  size_t bits = static_cast<size_t>(info.bits);
  if (bits < 8) memset(device, 0, shape.device_bytes());
  ForEachElement(shape, strides, [&](size_t element, int64_t offset) {
    if (bits >= 8) {
      memcpy(device + element * bytes, host + offset, bytes);
      return;
    }
    unsigned value = static_cast<unsigned char>(host[offset]) & ((1U << bits) - 1);
    size_t bit = element * bits;
    device[bit / 8] = static_cast<char>(static_cast<unsigned char>(device[bit / 8]) | (value << (bit % 8)));
  });
}

void UnpackFromDevice(const Shape &shape, const char *device, const Dims &strides, char *host) {
  if (shape.elements() == 0) return;
  if (IsDenseCopy(shape, strides)) {
    memcpy(host, device, shape.device_bytes());
    return;
  }
  const TypeInfo &info = *FindType(shape.type);
  size_t bytes = HostBytes(info);
  size_t bits = static_cast<size_t>(info.bits);
  ForEachElement(shape, strides, [&](size_t element, int64_t offset) {
    if (bits >= 8) {
      memcpy(host + offset, device + element * bytes, bytes);
      return;
    }
    size_t bit = element * bits;
    unsigned value = (static_cast<unsigned char>(device[bit / 8]) >> (bit % 8)) & ((1U << bits) - 1);
    host[offset] = static_cast<char>(value);
  });
}

}  // namespace fake
