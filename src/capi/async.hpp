// The two forms of a call whose work PJRT offers only as a blocking function.
#pragma once

#include "capi/guard.hpp"
#include "core/async_call.hpp"

namespace pje::capi {

// The blocking form.
template <class T>
Status run_now(const Work<T> &work, typename T::Handle **out) {
  PJE_ASSIGN(Ref<T> made, work.run());
  *out = std::move(made).to_public();
  return {};
}

// The asynchronous form; `out` may be NULL.
template <class T>
Status run_later(const char *function, Work<T> work, typename T::Handle **out, pje_event **done) {
  PJE_ASSIGN(Ref<Event> event, start_call<T>(function, std::move(work), out));
  *done = std::move(event).to_public();
  return {};
}

inline Status run_later(const char *function, Work<void> work, pje_event **done) {
  PJE_ASSIGN(Ref<Event> event, start_call(function, std::move(work)));
  *done = std::move(event).to_public();
  return {};
}

}  // namespace pje::capi

// The outputs of an asynchronous form: the slot for the object is optional, the event is not.
#define PJE_ASYNC_OUT(out, done)        \
  do {                                  \
    if (out != nullptr) *out = nullptr; \
    PJE_OUT(done);                      \
  } while (false)
