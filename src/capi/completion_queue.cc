#include "pjrt_easy/completion_queue.h"

#include "base/workers.hpp"
#include "capi/guard.hpp"
#include "core/completion_queue.hpp"

using pje::CompletionQueue;
using pje::Event;
using pje::Ref;
using pje::Status;
using pje::capi::clearing;
using pje::capi::guarded;
using pje::capi::Where;

extern "C" {

PJE_RETAIN_RELEASE(CompletionQueue, pje_completion_queue)

pje_error *pje_completion_queue_create(pje_completion_queue **out) noexcept {
  constexpr const char *function = "pje_completion_queue_create";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(Ref<CompletionQueue> queue, CompletionQueue::create());
    *out = std::move(queue).to_public();
    return {};
  });
}

pje_error *pje_completion_queue_add(pje_completion_queue *queue, pje_event *event, uint64_t tag) noexcept {
  constexpr const char *function = "pje_completion_queue_add";
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_HANDLE(CompletionQueue, target, queue);
    PJE_HANDLE(Event, added, event);
    return target.add(added, tag);
  });
}

pje_error *pje_completion_queue_next(pje_completion_queue *queue, int64_t timeout_ns, size_t capacity,
                                     uint64_t *tags, pje_error **errors, size_t *count) noexcept {
  constexpr const char *function = "pje_completion_queue_next";
  return guarded(function, clearing(count), [&]() -> Status {
    PJE_OUT(count);
    PJE_HANDLE(CompletionQueue, source, queue);
    PJE_NOT_NULL(tags);
    PJE_NOT_NULL(errors);
    if (capacity == 0) return pje::invalid_argument("argument \"capacity\" is 0: expected at least 1");
    if (timeout_ns != 0 && pje::on_dispatcher_thread())
      return pje::failure(PJE_FAILED_PRECONDITION,
                          "called in a function given to pje_event_then: expected a timeout of 0 there");
    return source.next(timeout_ns, capacity, tags, errors, count);
  });
}

pje_error *pje_completion_queue_on_nonempty(pje_completion_queue *queue, pje_callback callback,
                                            void *user_data) noexcept {
  constexpr const char *function = "pje_completion_queue_on_nonempty";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(CompletionQueue, watched, queue);
    return watched.on_nonempty(callback, user_data);
  });
}

int32_t pje_completion_queue_fd(const pje_completion_queue *queue) noexcept {
  return pje::capi::answered<CompletionQueue>("pje_completion_queue_fd", "queue", queue, -1,
                                              [](CompletionQueue &q) { return q.fd(); });
}

pje_error *pje_completion_queue_wake(pje_completion_queue *queue) noexcept {
  constexpr const char *function = "pje_completion_queue_wake";
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_HANDLE(CompletionQueue, woken, queue);
    return woken.wake();
  });
}

void pje_completion_queue_close(pje_completion_queue *queue) noexcept {
  if (queue == nullptr) return;
  (void)pje::capi::answered<CompletionQueue>("pje_completion_queue_close", "queue", queue, false,
                                             [](CompletionQueue &q) {
                                               q.close();
                                               return true;
                                             });
}

}  // extern "C"
