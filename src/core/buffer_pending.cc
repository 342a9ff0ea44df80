// Buffers whose run is still to be dispatched by a thread of ours.

#include "base/thread_context.hpp"
#include "core/buffer.hpp"
#include "core/event_combine.hpp"
#include "core/launch_queue.hpp"

namespace pje {

namespace {

constexpr const char *kNeverFilled = "a run that was never dispatched";

Status wait_outside_callbacks(Event &launch) {
  if (launch.is_ready() || !in_callback()) return launch.wait();
  return failure(PJE_FAILED_PRECONDITION, "the run that gives or takes the buffer is not dispatched yet");
}

}  // namespace

Ref<Buffer> Buffer::make_pending(Client &client, const ArrayType *type, Ref<Event> launch) {
  Ref<Buffer> buffer = make<Buffer>(client, nullptr, type);
  buffer->launch_ = std::move(launch);
  return buffer;
}

void Buffer::note_never_filled() noexcept { note_consumed(kNeverFilled); }

Status Buffer::settle_slowly() const {
  if (launch_) PJE_TRY(wait_outside_callbacks(*launch_));
  if (!client().has_launches()) return {};
  for (const Ref<Event> &taker : client().launches().users_of(*this, true))
    if (Status status = wait_outside_callbacks(*taker); !taker->is_ready()) return status;
  return {};
}

Status Buffer::settle_uses() const {
  if (!client().has_launches()) return {};
  for (const Ref<Event> &user : client().launches().users_of(*this, false))
    if (Status status = wait_outside_callbacks(*user); !user->is_ready()) return status;
  return {};
}

bool Buffer::has_raw() const noexcept {
  try {
    return settle().ok() && raw_ != nullptr;
  } catch (...) {
    return false;
  }
}

}  // namespace pje
