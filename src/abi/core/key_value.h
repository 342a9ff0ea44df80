// Callbacks through which a plugin reaches the key-value store of a multi-process run.
#pragma once

#include "abi/core/error.h"
#include "abi/core/types.h"

using PJRT_KeyValueGetCallback_ValueDeleter = void (*)(char *);
using PJRT_KeyValueTryGetCallback_ValueDeleter = void (*)(char *);

struct PJRT_KeyValueGetCallback_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  const char *key;
  size_t key_size;
  int timeout_in_ms;
  PJRT_CallbackError *callback_error;
  void *user_arg;
  char *value;
  size_t value_size;
  PJRT_KeyValueGetCallback_ValueDeleter value_deleter_callback;
};
PJE_ABI_STRUCT_END(PJRT_KeyValueGetCallback_Args, value_deleter_callback);

struct PJRT_KeyValueTryGetCallback_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  const char *key;
  size_t key_size;
  PJRT_CallbackError *callback_error;
  void *user_arg;
  char *value;
  size_t value_size;
  PJRT_KeyValueTryGetCallback_ValueDeleter value_deleter_callback;
};
PJE_ABI_STRUCT_END(PJRT_KeyValueTryGetCallback_Args, value_deleter_callback);

struct PJRT_KeyValuePutCallback_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  const char *key;
  size_t key_size;
  const char *value;
  size_t value_size;
  PJRT_CallbackError *callback_error;
  void *user_arg;
};
PJE_ABI_STRUCT_END(PJRT_KeyValuePutCallback_Args, user_arg);

using PJRT_KeyValueGetCallback = PJRT_Error *(*)(PJRT_KeyValueGetCallback_Args *);
using PJRT_KeyValueTryGetCallback = PJRT_Error *(*)(PJRT_KeyValueTryGetCallback_Args *);
using PJRT_KeyValuePutCallback = PJRT_Error *(*)(PJRT_KeyValuePutCallback_Args *);
