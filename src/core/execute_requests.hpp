// Sends, receives and results of a running program that a thread of the user's answers, through a request
// queue.
#pragma once

#include "core/execute_handlers.hpp"
#include "core/request_queue.hpp"

namespace pje {

Status add_send_requests(ExecuteHandlers &handlers, int64_t channel_id, const RequestQueue &queue);
Status add_receive_requests(ExecuteHandlers &handlers, int64_t channel_id, const RequestQueue &queue);
Status add_output_requests(ExecuteHandlers &handlers, int64_t callback_id, size_t num_operands,
                           const RequestQueue &queue);

}  // namespace pje
