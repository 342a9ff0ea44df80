#include "pjrt_easy/request_queue.h"

#include "capi/guard.hpp"
#include "core/bytes.hpp"
#include "core/request_queue.hpp"

using pje::Answer;
using pje::Bytes;
using pje::NamedValues;
using pje::Ref;
using pje::Request;
using pje::RequestQueue;
using pje::Status;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;
using pje::capi::refuse_on_dispatcher;
using pje::capi::Where;

namespace {

Status own_request(const char *function, int32_t kind, pje_named_values *values, const void *data,
                   size_t size, Request *out) {
  if (kind < PJE_REQUEST_USER)
    return pje::invalid_argument(
        pje::concat("argument \"kind\" is ", kind, ": expected at least PJE_REQUEST_USER, 1000"));
  if (data == nullptr && size > 0) return pje::invalid_argument("argument \"data\" is NULL");
  PJE_NULLABLE_HANDLE(NamedValues, named, values);
  auto copy = std::make_shared<const std::string>(static_cast<const char *>(data), size);
  out->kind = kind;
  out->values = Ref<NamedValues>::share(named);
  out->data = copy->data();
  out->size = size;
  out->owner = std::move(copy);
  return {};
}

template <class T, class Body>
T about(const char *function, const pje_request_queue *queue, uint64_t id, T none, Body &&body) noexcept {
  return answered<RequestQueue>(function, "queue", queue, none, [&](RequestQueue &asked) -> T {
    const Request *request = asked.request(id);
    return request == nullptr ? none : body(*request);
  });
}

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(RequestQueue, pje_request_queue)

pje_error *pje_request_queue_create(pje_request_queue **out) noexcept {
  constexpr const char *function = "pje_request_queue_create";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(Ref<RequestQueue> queue, RequestQueue::create());
    *out = std::move(queue).to_public();
    return {};
  });
}

pje_error *pje_request_queue_next(pje_request_queue *queue, int64_t timeout_ns, size_t capacity,
                                  uint64_t *ids, size_t *count) noexcept {
  constexpr const char *function = "pje_request_queue_next";
  return guarded(function, clearing(count), [&]() -> Status {
    PJE_OUT(count);
    PJE_HANDLE(RequestQueue, source, queue);
    PJE_NOT_NULL(ids);
    if (capacity == 0) return pje::invalid_argument("argument \"capacity\" is 0: expected at least 1");
    if (timeout_ns != 0) PJE_TRY(refuse_on_dispatcher());
    return source.next(timeout_ns, capacity, ids, count);
  });
}

int32_t pje_request_queue_kind(const pje_request_queue *queue, uint64_t id) noexcept {
  return about("pje_request_queue_kind", queue, id, int32_t{PJE_REQUEST_INVALID},
               [](const Request &request) { return request.kind; });
}

int64_t pje_request_queue_time_left(const pje_request_queue *queue, uint64_t id) noexcept {
  return answered<RequestQueue>("pje_request_queue_time_left", "queue", queue, int64_t{0},
                                [&](RequestQueue &asked) { return asked.time_left(id); });
}

const pje_named_values *pje_request_queue_values(const pje_request_queue *queue, uint64_t id) noexcept {
  return about("pje_request_queue_values", queue, id, static_cast<const pje_named_values *>(nullptr),
               [](const Request &request) { return pje::borrow(request.values.get()); });
}

const void *pje_request_queue_data(const pje_request_queue *queue, uint64_t id, size_t *size) noexcept {
  if (size != nullptr) *size = 0;
  return about("pje_request_queue_data", queue, id, static_cast<const void *>(nullptr),
               [&](const Request &request) {
                 if (size != nullptr) *size = request.size;
                 return request.data;
               });
}

pje_error *pje_request_queue_answer(pje_request_queue *queue, uint64_t id, const void *data, size_t size,
                                    pje_error *error) noexcept {
  constexpr const char *function = "pje_request_queue_answer";
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_HANDLE(RequestQueue, target, queue);
    PJE_NULLABLE_HANDLE(pje::Error, reason, error);
    if (data == nullptr && size > 0) return pje::invalid_argument("argument \"data\" is NULL");
    if (reason != nullptr) {
      Status refusal = reason->function().empty()
                           ? pje::failure_of(function, reason->code(), reason->detail(), reason->payloads())
                           : Status(Ref<pje::Error>::share(reason));
      return target.answer(id, {std::move(refusal), {}});
    }
    return target.answer(id, {{}, std::string(static_cast<const char *>(data), size)});
  });
}

pje_error *pje_request_queue_ask(pje_request_queue *queue, int32_t kind, pje_named_values *values,
                                 const void *data, size_t size, int64_t timeout_ns,
                                 pje_bytes **out) noexcept {
  constexpr const char *function = "pje_request_queue_ask";
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(RequestQueue, target, queue);
    PJE_TRY(target.check_process());
    PJE_TRY(refuse_on_dispatcher());
    Request request;
    PJE_TRY(own_request(function, kind, values, data, size, &request));
    auto channel = target.channel();
    Answer answer = channel->ask(std::move(request), timeout_ns);
    PJE_TRY(std::move(answer.status));
    *out = pje::make<Bytes>(std::move(answer.data)).to_public();
    return {};
  });
}

pje_error *pje_request_queue_on_request(pje_request_queue *queue, pje_callback callback,
                                        void *user_data) noexcept {
  constexpr const char *function = "pje_request_queue_on_request";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(RequestQueue, watched, queue);
    return watched.on_request(callback, user_data);
  });
}

int32_t pje_request_queue_fd(const pje_request_queue *queue) noexcept {
  return answered<RequestQueue>("pje_request_queue_fd", "queue", queue, -1,
                                [](RequestQueue &q) { return q.fd(); });
}

pje_error *pje_request_queue_wake(pje_request_queue *queue) noexcept {
  constexpr const char *function = "pje_request_queue_wake";
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_HANDLE(RequestQueue, woken, queue);
    return woken.wake();
  });
}

void pje_request_queue_close(pje_request_queue *queue) noexcept {
  if (queue == nullptr) return;
  (void)answered<RequestQueue>("pje_request_queue_close", "queue", queue, false, [](RequestQueue &q) {
    q.close();
    return true;
  });
}

}  // extern "C"
