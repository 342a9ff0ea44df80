// Planted defects: what a plugin may do wrong, so that those who check plugins can show that they find it.
#pragma once

#include <string_view>

#include "calls.hpp"

namespace fake {

// defect=NAME; refused when there is none of that name.
Status SetDefect(std::string_view key, std::string_view value);
bool AnyDefect();

// What comes into a call, before it, and what goes out of it, after it.
template <class Args>
void DistortInput(Args &) {}
template <class Args>
void DistortOutput(Args &) {}

void DistortInput(PJRT_Buffer_CopyRawToHost_Args &args);
void DistortInput(PJRT_Client_BufferFromHostBuffer_Args &args);
void DistortInput(PJRT_Client_Compile_Args &args);
void DistortInput(PJRT_LoadedExecutable_Execute_Args &args);
void DistortInput(PJRT_Event_Set_Args &args);

void DistortOutput(PJRT_Buffer_Device_Args &args);
void DistortOutput(PJRT_Buffer_Dimensions_Args &args);
void DistortOutput(PJRT_Buffer_ElementType_Args &args);
void DistortOutput(PJRT_Buffer_IsDeleted_Args &args);
void DistortOutput(PJRT_Buffer_OnDeviceSizeInBytes_Args &args);
void DistortOutput(PJRT_Client_AddressableDevices_Args &args);
void DistortOutput(PJRT_Client_Devices_Args &args);
void DistortOutput(PJRT_Client_LookupDevice_Args &args);
void DistortOutput(PJRT_Client_PlatformName_Args &args);
void DistortOutput(PJRT_DeviceDescription_Id_Args &args);
void DistortOutput(PJRT_Event_IsReady_Args &args);
void DistortOutput(PJRT_Executable_Fingerprint_Args &args);
void DistortOutput(PJRT_Executable_NumOutputs_Args &args);
void DistortOutput(PJRT_Executable_OutputElementTypes_Args &args);
void DistortOutput(PJRT_Memory_Id_Args &args);

}  // namespace fake
