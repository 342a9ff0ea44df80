#include "pjrt_easy/log.h"

#include <cstdlib>

#include "base/stderr_capture.hpp"
#include "capi/guard.hpp"
#include "core/log_requests.hpp"

using pje::LogKind;
using pje::RequestQueue;
using pje::Status;
using pje::capi::guarded;

static_assert(static_cast<int32_t>(LogKind::kMisuse) == PJE_LOG_MISUSE &&
              static_cast<int32_t>(LogKind::kPluginOutput) == PJE_LOG_PLUGIN_OUTPUT);

extern "C" {

pje_error *pje_log_set_callback(pje_log_callback callback, void *user_data) noexcept {
  return guarded("pje_log_set_callback", [&]() -> Status {
    pje::set_log_callback(callback, user_data);
    return {};
  });
}

pje_error *pje_log_set_queue(pje_request_queue *queue) noexcept {
  constexpr const char *function = "pje_log_set_queue";
  return guarded(function, [&]() -> Status {
    PJE_NULLABLE_HANDLE(RequestQueue, asked, queue);
    if (asked == nullptr)
      pje::set_log_callback(nullptr, nullptr);
    else
      pje::log_to_queue(*asked);
    return {};
  });
}

pje_error *pje_log_capture_stderr(bool capture) noexcept {
  return guarded("pje_log_capture_stderr", [&]() -> Status {
    if (capture) return pje::start_stderr_capture();
    pje::stop_stderr_capture();
    return {};
  });
}

pje_error *pje_log_set_plugin_level(int32_t level) noexcept {
  return guarded("pje_log_set_plugin_level", [&]() -> Status {
    if (level < 0 || level > 3)
      return pje::invalid_argument(pje::concat("argument \"level\" is ", level, ": expected 0 to 3"));
    if (setenv("TF_CPP_MIN_LOG_LEVEL", std::to_string(level).c_str(), 1) != 0) return pje::out_of_memory();
    return {};
  });
}

}  // extern "C"
