#include "pjrt_easy/execute_handlers.h"

#include "capi/guard.hpp"
#include "core/execute_requests.hpp"

using pje::ExecuteHandlers;
using pje::RequestQueue;
using pje::Status;
using pje::capi::clearing;
using pje::capi::guarded;

extern "C" {

PJE_RETAIN_RELEASE(ExecuteHandlers, pje_execute_handlers)

pje_error *pje_execute_handlers_create(pje_callback release, void *user_data,
                                       pje_execute_handlers **out) noexcept {
  constexpr const char *function = "pje_execute_handlers_create";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    *out = pje::make<ExecuteHandlers>(release, user_data).to_public();
    return {};
  });
}

pje_error *pje_execute_handlers_add_send(pje_execute_handlers *handlers, int64_t channel_id,
                                         pje_send_handler handler, void *user_data) noexcept {
  constexpr const char *function = "pje_execute_handlers_add_send";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(ExecuteHandlers, target, handlers);
    PJE_NOT_NULL(handler);
    return target.add(ExecuteHandlers::Send{channel_id, handler, user_data});
  });
}

pje_error *pje_execute_handlers_add_receive(pje_execute_handlers *handlers, int64_t channel_id,
                                            pje_receive_handler handler, void *user_data) noexcept {
  constexpr const char *function = "pje_execute_handlers_add_receive";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(ExecuteHandlers, target, handlers);
    PJE_NOT_NULL(handler);
    return target.add(ExecuteHandlers::Receive{channel_id, handler, user_data});
  });
}

pje_error *pje_execute_handlers_add_output(pje_execute_handlers *handlers, int64_t callback_id,
                                           size_t num_operands, pje_output_handler handler,
                                           void *user_data) noexcept {
  constexpr const char *function = "pje_execute_handlers_add_output";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(ExecuteHandlers, target, handlers);
    PJE_NOT_NULL(handler);
    return target.add(ExecuteHandlers::Output{callback_id, num_operands, handler, user_data});
  });
}

pje_error *pje_execute_handlers_add_send_requests(pje_execute_handlers *handlers, int64_t channel_id,
                                                  pje_request_queue *queue) noexcept {
  constexpr const char *function = "pje_execute_handlers_add_send_requests";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(ExecuteHandlers, target, handlers);
    PJE_HANDLE(RequestQueue, asked, queue);
    return pje::add_send_requests(target, channel_id, asked);
  });
}

pje_error *pje_execute_handlers_add_receive_requests(pje_execute_handlers *handlers, int64_t channel_id,
                                                     pje_request_queue *queue) noexcept {
  constexpr const char *function = "pje_execute_handlers_add_receive_requests";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(ExecuteHandlers, target, handlers);
    PJE_HANDLE(RequestQueue, asked, queue);
    return pje::add_receive_requests(target, channel_id, asked);
  });
}

pje_error *pje_execute_handlers_add_output_requests(pje_execute_handlers *handlers, int64_t callback_id,
                                                    size_t num_operands, pje_request_queue *queue) noexcept {
  constexpr const char *function = "pje_execute_handlers_add_output_requests";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(ExecuteHandlers, target, handlers);
    PJE_HANDLE(RequestQueue, asked, queue);
    return pje::add_output_requests(target, callback_id, num_operands, asked);
  });
}

}  // extern "C"
