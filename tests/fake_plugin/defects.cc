#include "defects.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

namespace fake {
namespace {

enum Defect : size_t {
  kAborts,
  kBufferOnAnotherDevice,
  kDonatesAll,
  kDuplicateIds,
  kFingerprintChanges,
  kForgetsEventError,
  kHangs,
  kHalfSize,
  kIgnoresOffset,
  kLookupGivesFirst,
  kMemoryIdsRepeat,
  kNeverDeleted,
  kOneDeviceTwice,
  kOneOutputMore,
  kPlatformNameChanges,
  kReadyAtOnce,
  kReadsLate,
  kSwapsArguments,
  kUploadsToFirst,
  kWrongDims,
  kWrongOutputType,
  kWrongType,
  kNumDefects
};

constexpr std::array<std::string_view, kNumDefects> kNames = {
    "aborts",
    "buffer_on_another_device",
    "donates_all",
    "duplicate_ids",
    "fingerprint_changes",
    "forgets_error",
    "hangs",
    "half_size",
    "ignores_offset",
    "lookup_gives_first",
    "memory_ids_repeat",
    "never_deleted",
    "one_device_twice",
    "one_output_more",
    "platform_name_changes",
    "ready_at_once",
    "reads_late",
    "swaps_arguments",
    "uploads_to_first",
    "wrong_dims",
    "wrong_output_type",
    "wrong_type",
};

std::array<std::atomic<bool>, kNumDefects> planted;
std::atomic<bool> any{false};

bool Has(Defect defect) { return planted[defect].load(std::memory_order_relaxed); }

// The first device that the plugin handed out.
std::atomic<PJRT_Device *> first_device{nullptr};

}  // namespace

Status SetDefect(std::string_view key, std::string_view value) {
  auto found = std::find(kNames.begin(), kNames.end(), value);
  if (found == kNames.end()) return Invalid(key, ": no defect named '", value, "'");
  planted[static_cast<size_t>(found - kNames.begin())] = true;
  any = true;
  return nullptr;
}

bool AnyDefect() { return any.load(std::memory_order_relaxed); }

void DistortInput(PJRT_Buffer_CopyRawToHost_Args &args) {
  if (Has(kIgnoresOffset)) args.offset = 0;
}

void DistortInput(PJRT_Client_BufferFromHostBuffer_Args &args) {
  if (Has(kUploadsToFirst) && args.device != nullptr && first_device != nullptr) args.device = first_device;
  bool copies = args.host_buffer_semantics == PJRT_HostBufferSemantics_kImmutableOnlyDuringCall;
  if (Has(kReadsLate) && copies)
    args.host_buffer_semantics = PJRT_HostBufferSemantics_kImmutableUntilTransferCompletes;
}

void DistortInput(PJRT_Client_Compile_Args &args) {
  std::string_view code(args.program->code, args.program->code_size);
  bool bad = code.find("stablehlo") == std::string_view::npos;
  if (Has(kAborts) && bad) std::abort();
  while (Has(kHangs) && bad) std::this_thread::sleep_for(std::chrono::seconds(1));
}

void DistortInput(PJRT_LoadedExecutable_Execute_Args &args) {
  // They live for the call, which is on this thread.
  static thread_local PJRT_ExecuteOptions options;
  static thread_local std::vector<PJRT_Buffer *> list;
  static thread_local PJRT_Buffer *const *lists;
  if (Has(kDonatesAll)) {
    options = *args.options;
    options.num_non_donatable_input_indices = 0;
    args.options = &options;
  }
  if (Has(kSwapsArguments) && args.num_args > 1 && args.num_devices == 1) {
    list.assign(args.argument_lists[0], args.argument_lists[0] + args.num_args);
    std::reverse(list.begin(), list.end());
    lists = list.data();
    args.argument_lists = &lists;
  }
}

void DistortInput(PJRT_Event_Set_Args &args) {
  if (Has(kForgetsEventError)) args.error_code = PJRT_Error_Code_OK;
}

void DistortOutput(PJRT_Buffer_Device_Args &args) {
  if (Has(kBufferOnAnotherDevice) && first_device != nullptr) args.device = first_device;
}

void DistortOutput(PJRT_Buffer_Dimensions_Args &args) {
  static thread_local std::vector<int64_t> dims;
  if (!Has(kWrongDims) || args.num_dims == 0) return;
  dims.assign(args.dims, args.dims + args.num_dims);
  ++dims[0];
  args.dims = dims.data();
}

void DistortOutput(PJRT_Buffer_ElementType_Args &args) {
  if (Has(kWrongType)) args.type = PJRT_Buffer_Type_F32;
}

void DistortOutput(PJRT_Buffer_IsDeleted_Args &args) {
  if (Has(kNeverDeleted)) args.is_deleted = false;
}

void DistortOutput(PJRT_Buffer_OnDeviceSizeInBytes_Args &args) {
  if (Has(kHalfSize)) args.on_device_size_in_bytes /= 2;
}

void DistortOutput(PJRT_Client_AddressableDevices_Args &args) {
  static thread_local std::vector<PJRT_Device *> devices;
  if (args.num_addressable_devices == 0) return;
  first_device = args.addressable_devices[0];
  if (!Has(kOneDeviceTwice)) return;
  devices.assign(args.num_addressable_devices, args.addressable_devices[0]);
  args.addressable_devices = devices.data();
}

void DistortOutput(PJRT_Client_Devices_Args &args) {
  if (args.num_devices > 0) first_device = args.devices[0];
}

void DistortOutput(PJRT_Client_LookupDevice_Args &args) {
  if (Has(kLookupGivesFirst) && first_device != nullptr) args.device = first_device;
}

void DistortOutput(PJRT_Client_PlatformName_Args &args) {
  static std::atomic<int> calls{0};
  if (Has(kPlatformNameChanges)) args.platform_name_size -= static_cast<size_t>(calls++ % 2);
}

void DistortOutput(PJRT_DeviceDescription_Id_Args &args) {
  if (Has(kDuplicateIds)) args.id = 0;
}

void DistortOutput(PJRT_Event_IsReady_Args &args) {
  if (Has(kReadyAtOnce)) args.is_ready = true;
}

void DistortOutput(PJRT_Executable_Fingerprint_Args &args) {
  static std::atomic<int> calls{0};
  if (Has(kFingerprintChanges)) args.executable_fingerprint_size -= static_cast<size_t>(calls++ % 2);
}

void DistortOutput(PJRT_Executable_NumOutputs_Args &args) {
  if (Has(kOneOutputMore)) ++args.num_outputs;
}

void DistortOutput(PJRT_Executable_OutputElementTypes_Args &args) {
  static thread_local std::vector<PJRT_Buffer_Type> types;
  if (!Has(kWrongOutputType)) return;
  types.assign(args.num_output_types, PJRT_Buffer_Type_S32);
  args.output_types = types.data();
}

void DistortOutput(PJRT_Memory_Id_Args &args) {
  if (Has(kMemoryIdsRepeat)) args.id = 1;
}

}  // namespace fake
