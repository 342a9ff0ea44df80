#include "pjrt_easy/raw.h"

#include "capi/guard.hpp"
#include "core/copy_stream.hpp"
#include "core/device_calls.hpp"
#include "core/executable.hpp"
#include "core/execute_context.hpp"
#include "core/loaded_executable.hpp"
#include "core/transfer_manager.hpp"

using pje::capi::answered;

extern "C" {

const void *pje_plugin_raw_api(const pje_plugin *plugin, size_t *struct_size) noexcept {
  if (struct_size != nullptr) *struct_size = 0;
  return answered<pje::Plugin>("pje_plugin_raw_api", "plugin", plugin, static_cast<const void *>(nullptr),
                               [&](pje::Plugin &p) -> const void * {
                                 const PJRT_Api *api = p.api().raw();
                                 if (struct_size != nullptr) *struct_size = api->struct_size;
                                 return api;
                               });
}

size_t pje_function_args_size(size_t index) noexcept {
  return index < pje::abi::kNumFunctions ? pje::abi::kFunctions[index].args_size : 0;
}

size_t pje_function_offset(size_t index) noexcept {
  return index < pje::abi::kNumFunctions ? pje::abi::kFunctions[index].offset : 0;
}

#define PJE_RAW(T, type, argument)                                                           \
  void *type##_raw(const type *argument) noexcept {                                          \
    return answered<pje::T>(#type "_raw", #argument, argument, static_cast<void *>(nullptr), \
                            [](pje::T &object) -> void * { return object.raw(); });          \
  }
PJE_RAW(Client, pje_client, client)
PJE_RAW(Device, pje_device, device)
PJE_RAW(Memory, pje_memory, memory)
PJE_RAW(Topology, pje_topology, topology)
PJE_RAW(DeviceDescription, pje_device_description, description)
PJE_RAW(Executable, pje_executable, executable)
PJE_RAW(LoadedExecutable, pje_loaded_executable, executable)
PJE_RAW(Buffer, pje_buffer, buffer)
PJE_RAW(ExecuteContext, pje_execute_context, context)
PJE_RAW(TransferManager, pje_transfer_manager, manager)
PJE_RAW(CopyStream, pje_copy_stream, stream)
PJE_RAW(TrackingEvent, pje_tracking_event, event)
#undef PJE_RAW

}  // extern "C"
