// What every exported function does before and after its few lines of work.
#pragma once

#include <exception>
#include <new>
#include <type_traits>

#include "base/log.hpp"
#include "base/object.hpp"
#include "base/pins.hpp"
#include "base/status.hpp"
#include "base/text.hpp"
#include "base/thread_context.hpp"

namespace pje::capi {

inline pje_error *give(Status status) noexcept { return std::move(status).take().to_public(); }

// Reports a wrong handle, and words it for the caller.
Status wrong_handle(const char *function, const char *argument, const void *handle,
                    ObjectType wanted) noexcept;

Status refused_in_callback() noexcept;

enum class Where { kAnywhere, kOutsideCallbacks };

// The outputs of a function, each a pointer that may be NULL or a function that clears several: cleared here
// where the body does not come to do it.
template <class... Outputs>
auto clearing(Outputs... outputs) noexcept {
  return [outputs...] {
    auto clear = []<class Output>(const Output &output) {
      if constexpr (std::is_pointer_v<Output>) {
        if (output != nullptr) *output = {};
      } else {
        output();
      }
    };
    (clear(outputs), ...);
  };
}

// Whether a call has to be refused, or noted.
template <Where where>
bool has_more_to_do() noexcept {
  if constexpr (where == Where::kOutsideCallbacks)
    return callback_depth > ordinary_callback_depth.load(std::memory_order_relaxed);
  else
    return handles_are_pinned.load(std::memory_order_relaxed);
}

// Runs `body` (returns Status), keeping exceptions inside and putting the function's name on our own errors.
template <Where where = Where::kOutsideCallbacks, class Clear, class Body>
pje_error *guarded(const char *function, const Clear &clear, Body &&body) noexcept {
  CallScope scope;
  if (has_more_to_do<where>()) [[unlikely]] {
    if (where == Where::kOutsideCallbacks && in_callback()) {
      clear();
      return give(with_function(refused_in_callback(), function));
    }
    scope.begin(function);
  }
  try {
    Status status = body();
    if (status.ok()) [[likely]]
      return nullptr;
    return give(with_function(std::move(status), function));
  } catch (...) {
    return give(with_function(current_exception_status(), function));
  }
}

// For what waits: the functions given to pje_event_then share one thread.
Status refuse_on_dispatcher() noexcept;

// For functions without outputs.
template <Where where = Where::kOutsideCallbacks, class Body>
pje_error *guarded(const char *function, Body &&body) noexcept {
  return guarded<where>(
      function, [] {}, body);
}

// For handles that are wrong, or not in the range where quick ways look.
template <class T, class Answer, class Body>
[[gnu::cold, gnu::noinline]] Answer answered_slowly(const char *function, const char *argument,
                                                    const typename T::Handle *handle, Answer fallback,
                                                    Body &body) noexcept {
  CallScope scope;
  scope.begin(function);
  T *object = resolve<T>(handle);
  if (object == nullptr) [[unlikely]] {
    (void)wrong_handle(function, argument, handle, T::kType);
    return fallback;
  }
  try {
    return body(*object);
  } catch (...) {
    return fallback;
  }
}

// For accessors: answers a wrong handle, or an exception, with `fallback`.
template <class T, class Answer, class Body>
Answer answered(const char *function, const char *argument, const typename T::Handle *handle, Answer fallback,
                Body &&body) noexcept {
  const SlotRange range = SlotPool::range();
  T *object = range.contains(reinterpret_cast<uintptr_t>(handle))
                  ? static_cast<T *>(resolve_in(range, handle, T::kType))
                  : nullptr;
  if (object == nullptr) [[unlikely]]
    return answered_slowly<T>(function, argument, handle, fallback, body);
  try {
    return body(*object);
  } catch (...) {
    return fallback;
  }
}

template <class T>
typename T::Handle *retained(const char *function, const typename T::Handle *handle) noexcept {
  if (handle == nullptr) return nullptr;
  if (!retain_handle(handle, T::kType)) (void)wrong_handle(function, "handle", handle, T::kType);
  return const_cast<typename T::Handle *>(handle);
}

template <class T>
void released(const char *function, typename T::Handle *handle) noexcept {
  if (handle == nullptr) return;
  if (!release_handle(handle, T::kType)) (void)wrong_handle(function, "handle", handle, T::kType);
}

// An options struct of the caller: checked size, unknown tail refused, everything the caller's header did not
// have zero. `copy` starts as all zero.
Status read_options(const void *options, size_t known_size, void *copy, const char *name) noexcept;
// Likewise, at once where both sides know the same members.
template <class Options>
Status read_options(const Options *options, Options *copy, const char *name) noexcept {
  if (options != nullptr && options->struct_size == sizeof(Options)) [[likely]] {
    *copy = *options;
    return {};
  }
  return read_options(options, sizeof(Options), copy, name);
}

}  // namespace pje::capi

// Declares `T &name` from the handle argument `handle`, or leaves the guarded body with an error.
#define PJE_HANDLE(T, name, handle)                                        \
  T *name##_pointer_ = ::pje::resolve<T>(handle);                          \
  if (name##_pointer_ == nullptr) [[unlikely]]                             \
    return ::pje::capi::wrong_handle(function, #handle, handle, T::kType); \
  T &name = *name##_pointer_;                                              \
  PJE_TRY(settled(name))

// The same for calls that need not wait for the run that fills a buffer to be dispatched.
#define PJE_PENDING_HANDLE(T, name, handle)                                \
  T *name##_pointer_ = ::pje::resolve<T>(handle);                          \
  if (name##_pointer_ == nullptr) [[unlikely]]                             \
    return ::pje::capi::wrong_handle(function, #handle, handle, T::kType); \
  T &name = *name##_pointer_

// Likewise for a handle that may be NULL: declares `T *name`.
#define PJE_NULLABLE_HANDLE(T, name, handle)                         \
  T *name = handle == nullptr ? nullptr : ::pje::resolve<T>(handle); \
  if (handle != nullptr && name == nullptr) [[unlikely]]             \
  return ::pje::capi::wrong_handle(function, #handle, handle, T::kType)

// Checks an output pointer and clears what it points at.
#define PJE_OUT(out)                                                                            \
  do {                                                                                          \
    if (out == nullptr)                                                                         \
      return ::pje::invalid_argument("argument \"" #out "\" is NULL: expected where to write"); \
    *out = {};                                                                                  \
  } while (false)

// Checks an input pointer.
#define PJE_NOT_NULL(pointer)                                                                    \
  do {                                                                                           \
    if (pointer == nullptr) return ::pje::invalid_argument("argument \"" #pointer "\" is NULL"); \
  } while (false)

// The three lines that retain and release of every type share.
#define PJE_RETAIN_RELEASE(T, prefix)                           \
  prefix *prefix##_retain(const prefix *handle) noexcept {      \
    return ::pje::capi::retained<T>(#prefix "_retain", handle); \
  }                                                             \
  void prefix##_release(prefix *handle) noexcept { ::pje::capi::released<T>(#prefix "_release", handle); }
