#include "core/async_call.hpp"

#include "base/workers.hpp"

namespace pje {

namespace {

Result<Ref<Object>> run_guarded(const char *function, const Work<Object> &work) noexcept {
  Status status;
  try {
    Result<Ref<Object>> made = work.run();
    if (made.ok()) return made;
    status = std::move(made).status();
  } catch (...) {
    status = current_exception_status();
  }
  return with_function(std::move(status), function);
}

}  // namespace

Result<Ref<Event>> start_any_call(const char *function, Work<Object> work) {
  Ref<Event> done = Event::make_unsettable(work.client.get());
  auto task = [function, work = std::move(work), event = done]() mutable noexcept {
    Result<Ref<Object>> made = run_guarded(function, work);
    work = {};
    if (made.ok())
      Event::finish(std::move(event), {}, std::move(made).value());
    else
      Event::finish(std::move(event), std::move(made).status());
  };
  if (!Workers::pool().post(std::move(task)))
    return failure(PJE_RESOURCE_EXHAUSTED, "no thread could be started for the call");
  return done;
}

}  // namespace pje
