// The controls: how a test steers the plugin (README.md lists them).
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

#include "status.hpp"

namespace fake {

enum class Complete : int { kThread, kInside, kNever };
// What an upload makes of the device layout it is given.
enum class DeviceLayout : int { kHonour, kIgnore, kLabel, kRefuse };
enum class Extensions : int { kNone, kLoop, kUnknown };
enum class ErrorText : int { kPlain, kNull, kEmpty, kNonUtf8, kLong, kPercent };

// Plain settings are atomics: a create option may change them while other threads are in calls.
struct Settings {
  std::atomic<int> minor{pje::abi::kNewestMinor};
  std::atomic<int> major{pje::abi::kMajor};
  std::atomic<int> devices{4};
  std::atomic<int> processes{1};
  std::atomic<int> process{0};
  std::atomic<int> workers{2};
  std::atomic<int64_t> memory_limit{int64_t{1} << 40};
  std::atomic<Complete> complete{Complete::kThread};
  std::atomic<Extensions> extensions{Extensions::kNone};
  std::atomic<ErrorText> error_text{ErrorText::kPlain};
  std::atomic<int> error_code{-1};
  std::atomic<bool> exact_sizes{false};
  std::atomic<bool> abort_on_leaks{false};
  std::atomic<bool> allow_unzeroed{false};
  std::atomic<bool> ignore_host_layout{false};
  std::atomic<DeviceLayout> device_layout{DeviceLayout::kHonour};
  std::atomic<bool> column_major{false};
  std::atomic<bool> double_callback{false};
  std::atomic<bool> onready_fails{false};
  std::atomic<bool> short_table{false};
  std::atomic<bool> no_optimized_program{false};
  std::atomic<bool> ignore_strides{false};
  std::atomic<bool> cpu_platform{false};
  std::atomic<bool> keeps_refused_chunks{false};
  std::atomic<bool> answers_loaded_fingerprint{false};
  std::atomic<int> dynamic_dim{-1};
  std::atomic<int> granule{1};
  std::atomic<int> kv_timeout{10000};
  std::atomic<int64_t> chunk_bytes{0};
};

Settings &Current();

// Applies one control. `source` names where it came from in the message of a refusal.
Status Apply(std::string_view key, std::string_view value);
// Applies "key=value;key=value".
Status ApplyList(std::string_view list);
bool IsKey(std::string_view key);
// True for controls that act through the function table.
bool ShapesTable(std::string_view key);

// The answer that a fail= control prescribes for this call; counts the call.
Status InjectedFailure(size_t function);
std::chrono::nanoseconds InjectedDelay(size_t function);
// The error that late_error= puts into the events of a call that answered OK.
Status LateError(size_t function);
bool IsNulled(size_t function);
// Whether hollow= makes the slot answer OK without doing anything.
bool IsHollow(size_t function);
// The table's size ends before this function; kNumFunctions when none is cut.
size_t CutAt();
// The payloads that payload= adds to every error.
std::vector<std::pair<std::string, std::string>> InjectedPayloads();

}  // namespace fake
