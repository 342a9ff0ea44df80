// What a plugin makes of the layouts it is asked for. Some ignore them without a word, so it is found out on
// a matrix of four elements.
#pragma once

#include <cstdint>

#include "abi/call.hpp"
#include "base/status.hpp"

namespace pje {

struct LayoutHabits {
  // In which order a read-back answers, whatever layout it is asked for.
  enum class Host : uint8_t { kAsked, kOfDevice, kRowMajor };
  // What an upload does with the layout of the device that it is given.
  enum class Device : uint8_t { kObeys, kOnlyLabels, kIgnores, kRefuses };
  Host host = Host::kAsked;
  Device device = Device::kObeys;
};

// Uploads to `device` and reads back; leaves nothing behind.
Result<LayoutHabits> find_layout_habits(const abi::Api &api, PJRT_Client *client, PJRT_Device *device);

}  // namespace pje
