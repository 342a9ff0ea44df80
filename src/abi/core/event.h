// Events, and the scopes that profilers track.
#pragma once

#include "abi/core/types.h"

using PJRT_Event_OnReadyCallback = void (*)(PJRT_Error *, void *);

struct PJRT_Event_Destroy_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_Event *event;
};
PJE_ABI_STRUCT_END(PJRT_Event_Destroy_Args, event);

struct PJRT_Event_IsReady_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_Event *event;
  bool is_ready;
};
PJE_ABI_STRUCT_END(PJRT_Event_IsReady_Args, is_ready);

struct PJRT_Event_Error_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_Event *event;
};
PJE_ABI_STRUCT_END(PJRT_Event_Error_Args, event);

struct PJRT_Event_Await_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_Event *event;
};
PJE_ABI_STRUCT_END(PJRT_Event_Await_Args, event);

struct PJRT_Event_OnReady_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_Event *event;
  PJRT_Event_OnReadyCallback callback;
  void *user_arg;
};
PJE_ABI_STRUCT_END(PJRT_Event_OnReady_Args, user_arg);

struct PJRT_Event_Create_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_Event *event;
};
PJE_ABI_STRUCT_END(PJRT_Event_Create_Args, event);

struct PJRT_Event_Set_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_Event *event;
  PJRT_Error_Code error_code;
  const char *error_message;
  size_t error_message_size;
};
PJE_ABI_STRUCT_END(PJRT_Event_Set_Args, error_message_size);

struct PJRT_AsyncTrackingEvent_Destroy_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_AsyncTrackingEvent *event;
};
PJE_ABI_STRUCT_END(PJRT_AsyncTrackingEvent_Destroy_Args, event);
