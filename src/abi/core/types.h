// What every part of the ABI builds on: opaque objects, extension chains, and the size rule.
#pragma once

#include <cstddef>
#include <cstdint>

#include "abi/core/enums.h"

namespace pje::abi {
// What goes into struct_size: the end of the last member without tail padding, which sizeof would count.
template <class T>
inline constexpr size_t struct_size = 0;
}  // namespace pje::abi

#define PJE_ABI_STRUCT_END(type, last) \
  template <>                          \
  inline constexpr size_t pje::abi::struct_size<type> = offsetof(type, last) + sizeof(type::last)

struct PJRT_AsyncHostToDeviceTransferManager;
struct PJRT_AsyncTrackingEvent;
struct PJRT_Buffer;
struct PJRT_Client;
struct PJRT_CopyToDeviceStream;
struct PJRT_Device;
struct PJRT_DeviceAssignmentSerialized;
struct PJRT_DeviceDescription;
struct PJRT_Device_Attributes;
struct PJRT_Event;
struct PJRT_Executable;
struct PJRT_ExecuteContext;
struct PJRT_FulfillAliasBufferCallback;
struct PJRT_LoadedExecutable;
struct PJRT_MultiSlice_Config;
struct PJRT_PhaseCompiler;
struct PJRT_SerializedCompileOptions;
struct PJRT_SerializedExecutable;
struct PJRT_SerializedTopology;
struct PJRT_TopologyDescription;
struct PJRT_Error;
struct PJRT_Memory;

struct PJRT_Program;
struct PJRT_Buffer_MemoryLayout;
struct PJRT_Chunk;

struct PJRT_Extension_Base {
  size_t struct_size;
  PJRT_Extension_Type type;
  PJRT_Extension_Base *next;
};
