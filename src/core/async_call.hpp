// Calls that PJRT offers only as blocking ones, in their two forms: on the caller's thread, or on the pool.
//
// A call is written once, as work: a function without arguments that holds everything it needs. The blocking
// form runs it at once; the asynchronous one gives it to the pool. The blocking form is not "asynchronous,
// then wait": the way to the pool and back was measured at 8.5 us (6 to 10 in the middle eight tenths), and
// it would let the pool's size limit how many threads of the caller can compile at the same time.
#pragma once

#include <functional>

#include "base/text.hpp"
#include "core/event.hpp"

namespace pje {

// `T` is the class of the object that the work makes. The client may be NULL; it does not end while the work
// waits or runs.
template <class T>
struct Work {
  Ref<Client> client;
  std::function<Result<Ref<T>>()> run;
};
// Work that makes nothing.
template <>
struct Work<void> {
  Ref<Client> client;
  std::function<Status()> run;
};

// Gives the work to the pool. The event is ready once the work has run and has been destroyed with all it
// held; it carries the work's error, named after `function` where it is our own, or what the work made.
Result<Ref<Event>> start_any_call(const char *function, Work<Object> work);

// Likewise for work that makes a `T`; `out` (may be NULL) receives the caller's reference before the event is
// ready.
template <class T>
Result<Ref<Event>> start_call(const char *function, Work<T> work, typename T::Handle **out) {
  auto run = [run = std::move(work.run), out]() -> Result<Ref<Object>> {
    PJE_ASSIGN(Ref<T> made, run());
    if (out != nullptr) *out = Ref<T>(made).to_public();
    return Ref<Object>::adopt(std::move(made).leak());
  };
  return start_any_call(function, {std::move(work.client), std::move(run)});
}

inline Result<Ref<Event>> start_call(const char *function, Work<void> work) {
  auto run = [run = std::move(work.run)]() -> Result<Ref<Object>> {
    PJE_TRY(run());
    return Ref<Object>();
  };
  return start_any_call(function, {std::move(work.client), std::move(run)});
}

// What the work of a finished event has made; the event's own error; FAILED_PRECONDITION while it is not
// ready.
template <class T>
Result<Ref<T>> result_of(const Event &event) {
  PJE_TRY(event.error());
  Object *made = event.result();
  ObjectType type = made == nullptr ? ObjectType::kFree : made->type();
  if (type != T::kType)
    return invalid_argument(concat("argument \"event\" gives ", object_type_name(type),
                                   ": expected an event of a ", "call that gives a ",
                                   object_type_name(T::kType)));
  return Ref<T>::share(static_cast<T *>(made));
}

}  // namespace pje
