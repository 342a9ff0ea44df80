// Named values: the key and value pairs of options and attributes.
#pragma once

#include "abi/core/types.h"

struct PJRT_NamedValue {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  const char *name;
  size_t name_size;
  PJRT_NamedValue_Type type;
  union {
    const char *string_value;
    int64_t int64_value;
    const int64_t *int64_array_value;
    float float_value;
    bool bool_value;
  };
  size_t value_size;
};
PJE_ABI_STRUCT_END(PJRT_NamedValue, value_size);
