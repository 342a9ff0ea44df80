// The plugin itself: initialization and attributes.
#pragma once

#include "abi/core/named_value.h"
#include "abi/core/types.h"

struct PJRT_Plugin_Initialize_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
};
PJE_ABI_STRUCT_END(PJRT_Plugin_Initialize_Args, extension_start);

struct PJRT_Plugin_Attributes_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  const PJRT_NamedValue *attributes;
  size_t num_attributes;
};
PJE_ABI_STRUCT_END(PJRT_Plugin_Attributes_Args, num_attributes);
