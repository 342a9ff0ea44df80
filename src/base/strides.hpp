// How arrays lie in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/array_type.hpp"
#include "base/status.hpp"

namespace pje {

// Bytes from one index to the next in each dimension of a dense, row-major array.
std::vector<int64_t> dense_byte_strides(const ArrayType &type);

// Bytes that a strided array touches, counted from its first element: [min, max).
struct StrideBounds {
  int64_t min = 0;
  int64_t max = 0;
};

// False when an address does not fit in 63 bits. `byte_strides` has one entry for each dimension.
bool stride_bounds(const ArrayType &type, std::span<const int64_t> byte_strides, StrideBounds *out) noexcept;

// Whether every element lies less than `size` bytes from the first one.
Status check_strides(const ArrayType &type, size_t size, std::span<const int64_t> byte_strides);

// Lists that come one behind the other in `dims`, with their lengths in `dim_sizes`.
std::vector<std::span<const int64_t>> split_ragged(const int64_t *dims, const size_t *dim_sizes, size_t n);

// Copies a dense array whose fastest dimension is minor_to_major[0]. INVALID_ARGUMENT when `minor_to_major`
// is no permutation of the dimensions.
Status reorder_to_row_major(const void *src, void *dst, size_t element_size, std::span<const int64_t> dims,
                            std::span<const int64_t> minor_to_major);

}  // namespace pje
