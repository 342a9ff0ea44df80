#include "pjrt_easy/event.h"

#include "base/small_array.hpp"
#include "base/workers.hpp"
#include "capi/guard.hpp"
#include "core/async_call.hpp"
#include "core/event_combine.hpp"
#include "core/executable.hpp"
#include "core/loaded_executable.hpp"

using pje::Event;
using pje::Ref;
using pje::Status;
using pje::capi::clearing;
using pje::capi::guarded;
using pje::capi::refuse_on_dispatcher;
using pje::capi::Where;

namespace {

// An event hands its error to many: whose it is must be said before the first of them has it.
Status named_reason(pje::Error *reason) {
  if (reason == nullptr || !reason->function().empty()) return Status(Ref<pje::Error>::share(reason));
  return pje::failure_of("pje_event_set", reason->code(), reason->detail(), reason->payloads());
}

Status resolve_events(pje_event *const *events, size_t n, pje::SmallArray<Event *, 16> &out) {
  if (events == nullptr && n > 0) return pje::invalid_argument("argument \"events\" is NULL");
  for (size_t i = 0; i < n; ++i) {
    out[i] = pje::resolve<Event>(events[i]);
    if (out[i] == nullptr)
      return pje::invalid_argument(pje::concat("events[", i, "] ",
                                               pje::describe_wrong_handle(events[i], pje::ObjectType::kEvent),
                                               ": expected a pje_event"));
    PJE_TRY(out[i]->check_process());
  }
  return {};
}

template <class T>
pje_error *result_of_event(const char *function, const pje_event *event, typename T::Handle **out) noexcept {
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Event, asked, event);
    PJE_ASSIGN(Ref<T> made, pje::result_of<T>(asked));
    *out = std::move(made).to_public();
    return {};
  });
}

}  // namespace

extern "C" {

pje_event *pje_event_retain(const pje_event *event) noexcept {
  return pje::capi::retained<Event>("pje_event_retain", event);
}

void pje_event_release(pje_event *event) noexcept {
  if (!Event::release_sole(event)) pje::capi::released<Event>("pje_event_release", event);
}

bool pje_event_is_ready(const pje_event *event) noexcept {
  return pje::capi::answered<Event>("pje_event_is_ready", "event", event, true,
                                    [](Event &e) { return e.is_ready(); });
}

pje_error *pje_event_wait(pje_event *event) noexcept {
  constexpr const char *function = "pje_event_wait";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Event, waited, event);
    if (pje::on_dispatcher_thread()) [[unlikely]]
      return refuse_on_dispatcher();
    return waited.wait();
  });
}

pje_error *pje_event_wait_for(pje_event *event, int64_t timeout_ns) noexcept {
  constexpr const char *function = "pje_event_wait_for";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Event, waited, event);
    if (timeout_ns != 0) PJE_TRY(refuse_on_dispatcher());
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

pje_error *pje_event_create(pje_event **out) noexcept {
  constexpr const char *function = "pje_event_create";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    *out = pje::make<Event>().to_public();
    return {};
  });
}

pje_error *pje_event_create_raw(pje_client *client, void **raw, pje_event **out) noexcept {
  constexpr const char *function = "pje_event_create_raw";
  return guarded(function, clearing(out, raw), [&]() -> Status {
    if (raw != nullptr) *raw = nullptr;
    PJE_OUT(out);
    PJE_OUT(raw);
    PJE_HANDLE(pje::Client, owner, client);
    PJE_ASSIGN(Ref<Event> event, Event::make_with_plugin(owner));
    *raw = event->told();
    *out = std::move(event).to_public();
    return {};
  });
}

pje_error *pje_event_set(pje_event *event, pje_error *error) noexcept {
  constexpr const char *function = "pje_event_set";
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_HANDLE(Event, promise, event);
    PJE_NULLABLE_HANDLE(pje::Error, reason, error);
    return promise.set(named_reason(reason));
  });
}

pje_error *pje_event_all(pje_event *const *events, size_t n, pje_event **out) noexcept {
  constexpr const char *function = "pje_event_all";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    pje::SmallArray<Event *, 16> members(n);
    PJE_TRY(resolve_events(events, n, members));
    PJE_ASSIGN(Ref<Event> event, pje::event_all({members.data(), n}));
    *out = std::move(event).to_public();
    return {};
  });
}

pje_error *pje_event_any(pje_event *const *events, size_t n, pje_event **out, size_t *index) noexcept {
  constexpr const char *function = "pje_event_any";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    pje::SmallArray<Event *, 16> members(n);
    PJE_TRY(resolve_events(events, n, members));
    PJE_ASSIGN(Ref<Event> event, pje::event_any({members.data(), n}, index));
    *out = std::move(event).to_public();
    return {};
  });
}

pje_error *pje_event_then(pje_event *event, pje_callback callback, void *user_data,
                          pje_event **out) noexcept {
  constexpr const char *function = "pje_event_then";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Event, source, event);
    PJE_NOT_NULL(callback);
    PJE_ASSIGN(Ref<Event> next, pje::event_then(source, callback, user_data));
    *out = std::move(next).to_public();
    return {};
  });
}

pje_error *pje_event_get_loaded_executable(const pje_event *event, pje_loaded_executable **out) noexcept {
  return result_of_event<pje::LoadedExecutable>("pje_event_get_loaded_executable", event, out);
}

pje_error *pje_event_get_client(const pje_event *event, pje_client **out) noexcept {
  return result_of_event<pje::Client>("pje_event_get_client", event, out);
}

pje_error *pje_event_get_executable(const pje_event *event, pje_executable **out) noexcept {
  return result_of_event<pje::Executable>("pje_event_get_executable", event, out);
}

pje_error *pje_event_get_bytes(const pje_event *event, pje_bytes **out) noexcept {
  return result_of_event<pje::Bytes>("pje_event_get_bytes", event, out);
}

}  // extern "C"
