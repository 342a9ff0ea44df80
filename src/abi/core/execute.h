// Execution and its options.
#pragma once

#include "abi/core/copy_stream.h"
#include "abi/core/named_value.h"
#include "abi/core/types.h"

using PJRT_SendCallback = PJRT_Error *(*)(PJRT_Chunk *, PJRT_CallbackError *, size_t, bool, void *);
using PJRT_RecvCallback = void (*)(PJRT_CopyToDeviceStream *, void *);
using PJRT_HloOutputCallback = void (*)(int64_t, int64_t, const void *, const int64_t *, size_t,
                                        PJRT_Buffer_Type, int64_t, void *);

struct PJRT_ExecuteContext_Create_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_ExecuteContext *context;
};
PJE_ABI_STRUCT_END(PJRT_ExecuteContext_Create_Args, context);

struct PJRT_ExecuteContext_Destroy_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_ExecuteContext *context;
};
PJE_ABI_STRUCT_END(PJRT_ExecuteContext_Destroy_Args, context);

struct PJRT_SendCallbackInfo {
  int64_t channel_id;
  void *user_arg;
  PJRT_SendCallback send_callback;
};
PJE_ABI_STRUCT_END(PJRT_SendCallbackInfo, send_callback);

struct PJRT_RecvCallbackInfo {
  int64_t channel_id;
  void *user_arg;
  PJRT_RecvCallback recv_callback;
};
PJE_ABI_STRUCT_END(PJRT_RecvCallbackInfo, recv_callback);

struct PJRT_HloOutputCallbackInfo {
  void *user_arg;
  PJRT_HloOutputCallback callback;
  int64_t callback_id;
  size_t num_operands;
};
PJE_ABI_STRUCT_END(PJRT_HloOutputCallbackInfo, num_operands);

struct PJRT_ExecuteOptions {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_SendCallbackInfo **send_callbacks;
  PJRT_RecvCallbackInfo **recv_callbacks;
  size_t num_send_ops;
  size_t num_recv_ops;
  int launch_id;
  const int64_t *non_donatable_input_indices;
  size_t num_non_donatable_input_indices;
  PJRT_ExecuteContext *context;                       // 0.64
  const char *call_location;                          // 0.76
  size_t num_tasks;                                   // 0.78
  int *task_ids;                                      // 0.78
  int64_t *incarnation_ids;                           // 0.78
  PJRT_MultiSlice_Config *multi_slice_config;         // 0.97
  bool use_major_to_minor_data_layout_for_callbacks;  // 0.108
  PJRT_HloOutputCallbackInfo *hlo_output_callbacks;   // 0.112
  size_t num_hlo_output_callbacks;                    // 0.112
  const PJRT_NamedValue *custom_options;              // 0.116
  size_t num_custom_options;                          // 0.116
};
PJE_ABI_STRUCT_END(PJRT_ExecuteOptions, num_custom_options);

struct PJRT_LoadedExecutable_Execute_Args {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
  PJRT_LoadedExecutable *executable;
  PJRT_ExecuteOptions *options;
  PJRT_Buffer *const *const *argument_lists;
  size_t num_devices;
  size_t num_args;
  PJRT_Buffer **const *output_lists;
  PJRT_Event **device_complete_events;
  PJRT_Device *execute_device;
};
PJE_ABI_STRUCT_END(PJRT_LoadedExecutable_Execute_Args, execute_device);
