// The type of an array: element type and dimensions.
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

  std::span<const int64_t> dims_span() const noexcept { return {dims, rank}; }
  std::string text() const;  // "f32[2,3]"
};

// INVALID_ARGUMENT names what is wrong: an unknown dtype, the rank, a negative size, a size that overflows.
Result<const ArrayType *> intern_array_type(pje_dtype dtype, const int64_t *dims, size_t rank);

}  // namespace pje
