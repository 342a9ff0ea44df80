#include "pjrt_easy/event.h"

#include "capi/guard.hpp"
#include "core/event.hpp"

using pje::Event;
using pje::Status;
using pje::capi::guarded;
using pje::capi::Where;

extern "C" {

PJE_RETAIN_RELEASE(Event, pje_event)

bool pje_event_is_ready(const pje_event *event) noexcept {
  return pje::capi::answered<Event>("pje_event_is_ready", "event", event, true,
                                    [](Event &e) { return e.is_ready(); });
}

pje_error *pje_event_wait(pje_event *event) noexcept {
  constexpr const char *function = "pje_event_wait";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Event, waited, event);
    return waited.wait();
  });
}

pje_error *pje_event_wait_for(pje_event *event, int64_t timeout_ns) noexcept {
  constexpr const char *function = "pje_event_wait_for";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Event, waited, event);
    return waited.wait_for(timeout_ns);
  });
}

pje_error *pje_event_on_ready(pje_event *event, pje_callback callback, void *user_data) noexcept {
  constexpr const char *function = "pje_event_on_ready";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Event, watched, event);
    PJE_NOT_NULL(callback);
    return watched.on_ready(callback, user_data);
  });
}

pje_error *pje_event_error(const pje_event *event) noexcept {
  constexpr const char *function = "pje_event_error";
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_HANDLE(Event, asked, event);
    return asked.error();
  });
}

}  // extern "C"
