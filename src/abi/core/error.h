// Errors: how a plugin reports failure, and how its error is read and freed.
#pragma once

#include "abi/core/types.h"

using PJRT_Error_PayloadVisitor = void (*)(const char *, size_t, const char *, size_t, void *);
using PJRT_CallbackError = PJRT_Error *(*)(PJRT_Error_Code, const char *, size_t);

struct PJRT_Error_Destroy_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_Error *error;
};
PJE_ABI_STRUCT_END(PJRT_Error_Destroy_Args, error);

struct PJRT_Error_Message_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  const PJRT_Error *error;
  const char *message;
  size_t message_size;
};
PJE_ABI_STRUCT_END(PJRT_Error_Message_Args, message_size);

struct PJRT_Error_FunctionTable {
  size_t struct_size;
  size_t instance_size;
  PJRT_Extension_Base *extension_start;
  void (*destroy)(PJRT_Error *);
  void (*message)(const PJRT_Error *, const char **, size_t *);
  PJRT_Error_Code (*get_code)(const PJRT_Error *);
  void (*for_each_payload)(const PJRT_Error *, PJRT_Error_PayloadVisitor, void *);
};
PJE_ABI_STRUCT_END(PJRT_Error_FunctionTable, for_each_payload);

struct PJRT_Error {
  const PJRT_Error_FunctionTable *vtable;
};
PJE_ABI_STRUCT_END(PJRT_Error, vtable);

struct PJRT_Error_GetCode_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  const PJRT_Error *error;
  PJRT_Error_Code code;
};
PJE_ABI_STRUCT_END(PJRT_Error_GetCode_Args, code);

struct PJRT_Error_ForEachPayload_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  const PJRT_Error *error;
  PJRT_Error_PayloadVisitor visitor;
  void *user_arg;
};
PJE_ABI_STRUCT_END(PJRT_Error_ForEachPayload_Args, user_arg);
