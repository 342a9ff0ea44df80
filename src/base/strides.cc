#include "base/strides.hpp"

#include <array>
#include <cstring>

#include "base/dtype.hpp"
#include "base/placement.hpp"
#include "base/text.hpp"

namespace pje {

namespace {

__extension__ using Wide = __int128;

// One row of the result: elements that lie `stride` bytes apart in the source. The size is a constant where
// it can be, so that each copy is one move.
template <size_t kSize>
std::byte *copy_row(const std::byte *src, std::byte *dst, int64_t count, size_t stride,
                    size_t size) noexcept {
  size_t step = kSize == 0 ? size : kSize;
  for (int64_t i = 0; i < count; ++i, src += stride, dst += step) std::memcpy(dst, src, step);
  return dst;
}

using CopyRow = std::byte *(*)(const std::byte *, std::byte *, int64_t, size_t, size_t);

CopyRow copy_row_for(size_t element_size) noexcept {
  switch (element_size) {
    case 1:
      return copy_row<1>;
    case 2:
      return copy_row<2>;
    case 4:
      return copy_row<4>;
    case 8:
      return copy_row<8>;
    case 16:
      return copy_row<16>;
    default:
      return copy_row<0>;
  }
}

}  // namespace

std::vector<int64_t> dense_byte_strides(const ArrayType &type) {
  std::vector<int64_t> strides(type.rank);
  int64_t step = dtype_info(type.dtype)->host_size;
  for (size_t i = type.rank; i-- > 0;) {
    strides[i] = step;
    step *= type.dims[i];
  }
  return strides;
}

bool stride_bounds(const ArrayType &type, std::span<const int64_t> byte_strides, StrideBounds *out) noexcept {
  *out = {};
  if (type.num_elements == 0) return true;
  Wide low = 0;
  Wide high = dtype_info(type.dtype)->host_size;
  for (size_t i = 0; i < type.rank; ++i) {
    Wide reach = Wide{type.dims[i] - 1} * byte_strides[i];
    (reach < 0 ? low : high) += reach;
    // Looked at in each step: 64 products of 126 bits could leave even the wide type.
    if (low < INT64_MIN || high > INT64_MAX) return false;
  }
  out->min = static_cast<int64_t>(low);
  out->max = static_cast<int64_t>(high);
  return true;
}

Status check_strides(const ArrayType &type, size_t size, std::span<const int64_t> byte_strides) {
  if (byte_strides.size() != type.rank)
    return invalid_argument(
        concat("byte strides: got ", byte_strides.size(), ", expected ", type.rank, " for ", type.text()));
  StrideBounds bounds;
  if (!stride_bounds(type, byte_strides, &bounds))
    return invalid_argument(
        concat("byte strides ", dims_text(byte_strides), " of ", type.text(), " overflow 63 bits"));
  bool inside = bounds.max <= 0 || static_cast<uint64_t>(bounds.max) <= size;
  if (bounds.min < 0) inside = inside && uint64_t{0} - static_cast<uint64_t>(bounds.min) < size;
  if (inside) return {};
  return invalid_argument(concat("byte strides ", dims_text(byte_strides), " of ", type.text(),
                                 " reach bytes ", bounds.min, " to ", bounds.max,
                                 ": expected all within argument \"size\", ", size));
}

std::vector<std::span<const int64_t>> split_ragged(const int64_t *dims, const size_t *dim_sizes, size_t n) {
  std::vector<std::span<const int64_t>> lists;
  lists.reserve(n);
  for (size_t i = 0; i < n; ++i) {
    lists.emplace_back(dims, dim_sizes[i]);
    if (dim_sizes[i] > 0) dims += dim_sizes[i];
  }
  return lists;
}

Status reorder_to_row_major(const void *src, void *dst, size_t element_size, std::span<const int64_t> dims,
                            std::span<const int64_t> minor_to_major) {
  size_t rank = dims.size();
  if (rank > kMaxRank || minor_to_major.size() != rank || !is_permutation(minor_to_major))
    return invalid_argument(concat("minor_to_major is ", dims_text(minor_to_major),
                                   ": expected a permutation of ", rank, " dimensions"));
  size_t total = element_size;
  for (int64_t dim : dims) total *= static_cast<size_t>(dim);
  if (total == 0) return {};
  if (is_row_major(minor_to_major)) {
    std::memcpy(dst, src, total);
    return {};
  }
  std::array<size_t, kMaxRank> stride{};
  size_t step = element_size;
  for (int64_t dim : minor_to_major) {
    stride[static_cast<size_t>(dim)] = step;
    step *= static_cast<size_t>(dims[static_cast<size_t>(dim)]);
  }
  CopyRow copy = copy_row_for(element_size);
  std::array<int64_t, kMaxRank> index{};
  auto *from = static_cast<const std::byte *>(src);
  auto *to = static_cast<std::byte *>(dst);
  size_t last = rank - 1;
  for (;;) {
    to = copy(from, to, dims[last], stride[last], element_size);
    size_t i = last;
    for (;;) {
      if (i == 0) return {};
      --i;
      from += stride[i];
      if (++index[i] < dims[i]) break;
      from -= stride[i] * static_cast<size_t>(dims[i]);
      index[i] = 0;
    }
  }
}

}  // namespace pje
