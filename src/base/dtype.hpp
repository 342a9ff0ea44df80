// Facts about element types.
#pragma once

#include <cstdint>
#include <string_view>

#include "pjrt_easy/types.h"

namespace pje {

struct DtypeInfo {
  pje_dtype dtype;
  const char *name;
  uint8_t bits;       // of information
  uint8_t host_size;  // bytes of one element in host memory
  uint8_t alignment;  // bytes, in host memory
  pje_dtype_kind kind;
  int since_minor;      // of the PJRT ABI that first had the number
  const char *aliases;  // separated by spaces
};

// NULL for PJE_DTYPE_INVALID and for numbers that are no element type.
const DtypeInfo *dtype_info(pje_dtype dtype) noexcept;

// PJE_DTYPE_INVALID for what is no name. Upper and lower case are the same.
pje_dtype dtype_from_name(std::string_view name) noexcept;

}  // namespace pje
