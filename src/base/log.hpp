// Lines for the person who runs the program: misuse of handles, and plugin errors that no caller can receive.
#pragma once

#include <cstdint>
#include <string_view>

namespace pje {

void log_line(std::string_view text) noexcept;

// Counts a wrong handle and logs it; the first hundred only, so that a loop cannot flood the log.
void report_misuse(std::string_view function, std::string_view argument, std::string_view what) noexcept;
uint64_t misuse_count() noexcept;

}  // namespace pje
