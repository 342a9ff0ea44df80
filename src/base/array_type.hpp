// The type of an array: element type and dimensions, and how its elements lie on a device where that is
// unusual.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/status.hpp"
#include "pjrt_easy/types.h"

namespace pje {

inline constexpr size_t kMaxRank = 64;

// There is one of each for the whole life of the process, so two are equal when their addresses are.
struct ArrayType {
  pje_dtype dtype;
  uint32_t rank;
  const int64_t *dims;
  size_t num_elements;
  size_t host_size;  // bytes, dense; 0 for tokens
  // NULL: row-major, or as the device prefers; of types that are not plain: not known.
  const int64_t *minor_to_major;
  // The type without an order; itself when it has none.
  const ArrayType *plain;

  std::span<const int64_t> dims_span() const noexcept { return {dims, rank}; }
  std::span<const int64_t> order_span() const noexcept {
    return {minor_to_major, minor_to_major == nullptr ? 0 : size_t{rank}};
  }
  std::string text() const;           // "f32[2,3]", "f32[2,3]{0,1}"
  std::string text_in_order() const;  // likewise, "f32[2,3]{1,0}" also where that needs no saying
};

// INVALID_ARGUMENT names what is wrong: an unknown dtype, the rank, a negative size, a size that overflows.
Result<const ArrayType *> intern_array_type(pje_dtype dtype, const int64_t *dims, size_t rank);

// Whether walking memory from start to end meets the elements in row-major order.
bool walks_row_major(const ArrayType &type, std::span<const int64_t> minor_to_major) noexcept;
// The type of arrays of `type` whose elements lie in that order, a permutation of the dimensions. Orders that
// differ only in dimensions of size 1 are one; row-major gives the plain type. An empty order says that it is
// not known; where there is but one, that gives the plain type too.
const ArrayType *array_type_in_order(const ArrayType &type, std::span<const int64_t> minor_to_major);

}  // namespace pje
