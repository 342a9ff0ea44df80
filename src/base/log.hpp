// Lines for the person who runs the program: misuse of handles, and plugin errors that no caller can receive.
// They go to the host's callback where there is one, else to stderr.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "pjrt_easy/types.h"

namespace pje {

// With the numbers of pje_log_kind.
enum class LogKind : int32_t { kMisuse = 1, kPluginError, kNotice, kLeak, kPluginOutput };

using LogCallback = void (*)(void *user_data, int32_t kind, pje_code code, const char *function,
                             const char *message);

// `message` is the whole line; `function` is who says it, or "".
void log_record(LogKind kind, pje_code code, std::string_view function, std::string_view message) noexcept;

inline void log_line(std::string_view text) noexcept { log_record(LogKind::kNotice, PJE_OK, "", text); }

// Counts a wrong handle and logs it; to stderr the first hundred only, so that a loop cannot flood it.
void report_misuse(std::string_view function, std::string_view argument, std::string_view what) noexcept;
uint64_t misuse_count() noexcept;

// NULL: stderr. Once this returns, the former callback neither runs nor will. `kept` lives as long.
void set_log_callback(LogCallback callback, void *user_data, std::shared_ptr<const void> kept = nullptr);
// For callbacks that cannot take a line.
void log_to_stderr(LogKind kind, std::string_view message);
// Where lines go without a callback: the stderr of the process, also while that is captured.
void set_log_descriptor(int descriptor) noexcept;

}  // namespace pje
