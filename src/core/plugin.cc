#include "core/plugin.hpp"

#include <pthread.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/text.hpp"
#include "core/named_values_abi.hpp"

namespace pje {

namespace {

// More than any plugin has; stops a chain that the cycle check cannot see the end of.
constexpr size_t kMaxExtensions = 64;

constexpr const char *kExtensionNames[] = {"Gpu_Custom_Call",
                                           "Profiler",
                                           "Custom_Partitioner",
                                           "Stream",
                                           "Layouts",
                                           "FFI",
                                           "MemoryDescriptions",
                                           "Triton",
                                           "RawBuffer",
                                           "PhaseCompile",
                                           "Example",
                                           "Unknown",
                                           "CrossHostTransfers",
                                           "ExecutableMetadata",
                                           "Callback",
                                           "HostAllocator",
                                           "TpuTopology",
                                           "TpuExecutable",
                                           "Megascale",
                                           "Shardings",
                                           "AbiVersion",
                                           "Collectives",
                                           "MultiSlice",
                                           "HostMemoryAllocator",
                                           "XlaTransform"};

}  // namespace

const char *extension_name(int32_t type) noexcept {
  auto index = static_cast<uint32_t>(type);
  return index < std::size(kExtensionNames) ? kExtensionNames[index] : "";
}

const ExtensionInfo *Plugin::extension(int32_t type) const noexcept {
  auto found = std::find_if(data_->extensions.begin(), data_->extensions.end(),
                            [type](const ExtensionInfo &e) { return e.type == type; });
  return found == data_->extensions.end() ? nullptr : &*found;
}

void Plugin::read_extensions() {
  auto &list = data_->extensions;
  const PJRT_Extension_Base *next = data_->api.raw()->extension_start;
  while (next != nullptr && list.size() < kMaxExtensions) {
    bool seen =
        std::any_of(list.begin(), list.end(), [next](const ExtensionInfo &e) { return e.raw == next; });
    if (seen) break;
    list.push_back({static_cast<int32_t>(next->type), next->struct_size, next});
    next = next->next;
  }
}

Status Plugin::read_attributes() {
  data_->attributes = make<NamedValues>();
  if (data_->api.has<PJRT_Plugin_Attributes_Args>()) {
    auto args = abi::zeroed<PJRT_Plugin_Attributes_Args>();
    Status status = data_->api.call(args);
    if (!status.ok() && status.error()->code() != PJE_UNIMPLEMENTED) return status;
    if (status.ok()) data_->attributes = named_values_from(args.attributes, args.num_attributes);
  }
  data_->attributes->lock();
  data_->attributes->make_lent();
  return {};
}

Status Plugin::initialize() {
  read_extensions();
  if (data_->api.has<PJRT_Plugin_Initialize_Args>()) {
    auto args = abi::zeroed<PJRT_Plugin_Initialize_Args>();
    PJE_TRY(data_->api.call(args));
  }
  data_->api.find_out_strictness();
  return read_attributes();
}

}  // namespace pje
