// The end of a client that others still hold: work is waited for, what the plugin made for the children is
// given back, and the children stay behind as handles that can only be released.

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/live_objects.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/validate.hpp"
#include "base/workers.hpp"
#include "core/buffer.hpp"
#include "core/client.hpp"

namespace pje {

namespace {

using Clock = std::chrono::steady_clock;

class Deadline {
 public:
  explicit Deadline(int64_t timeout_ns) : limited_(timeout_ns >= 0), end_(Clock::now()) {
    if (limited_)
      end_ +=
          std::min<Clock::duration>(std::chrono::nanoseconds(timeout_ns), Clock::time_point::max() - end_);
  }
  // As the waiting functions take it.
  int64_t left_ns() const {
    if (!limited_) return -1;
    return std::max<int64_t>(std::chrono::nanoseconds(end_ - Clock::now()).count(), 0);
  }

 private:
  bool limited_;
  Clock::time_point end_;
};

// Whether what an object of a client stands for has ended, well or badly.
bool has_settled(Object &object, ObjectType type, const Deadline &deadline) {
  if (type == ObjectType::kEvent) {
    auto &event = static_cast<Event &>(object);
    // A promise is kept or not by those who close the client, or after them.
    return event.waits_for_release() || event.told() != nullptr || event.settle(deadline.left_ns());
  }
  if (type != ObjectType::kBuffer) return true;
  // What was deleted, or what the plugin cannot tell, is not waited for.
  Result<Ref<Event>> ready = static_cast<Buffer &>(object).ready();
  return !ready.ok() || ready.value()->settle(deadline.left_ns());
}

}  // namespace

uint64_t Client::num_children() const noexcept {
  uint64_t count = 0;
  for (size_t i = 0; i < kNumLines; ++i) count += data_->lines[i].children.load(std::memory_order_acquire);
  return count;
}

Status Client::wait_for_work(int64_t timeout_ns) {
  Deadline deadline(timeout_ns);
  bool settled = true;
  for_each_object([&](Object &object, ObjectType type) {
    if (settled && object.owner() == this) settled = has_settled(object, type, deadline);
  });
  if (settled) return {};
  return failure(PJE_DEADLINE_EXCEEDED, "work of the client is still running; the client stays open");
}

void Client::detach_children() noexcept {
  // What is read of another object goes before it. Zero-copy uploads report the end of their memory's use
  // only once their buffers are gone: events come last.
  for (int pass = 0; pass < 3; ++pass) {
    for_each_object([&](Object &object, ObjectType type) {
      int wanted = type == ObjectType::kExecutable || type == ObjectType::kHostView ? 0
                   : type == ObjectType::kEvent                                     ? 2
                                                                                    : 1;
      if (pass == wanted && object.owner() == this) object.on_client_close();
    });
  }
}

Status Client::destroy_raw() noexcept {
  auto args = abi::zeroed<PJRT_Client_Destroy_Args>();
  args.client = std::exchange(raw_, nullptr);
  return plugin_->api().call(args);
}

Status Client::close(int64_t timeout_ns) {
  if (!data_->api.usable()) return data_->api.unusable();
  if (data_->closing.exchange(true)) return failure(PJE_FAILED_PRECONDITION, "the client is being closed");
  Status status = wait_for_work(timeout_ns);
  if (!status.ok() || !data_->api.usable()) {
    data_->closing.store(false);
    return status.ok() ? data_->api.unusable() : std::move(status);
  }
  data_->api.begin_closing();
  detach_children();
  // Children that other threads were releasing meanwhile are not seen above; the plugin must be done with
  // them.
  while (num_children() > 0) {
    std::this_thread::sleep_for(std::chrono::microseconds(50));
    detach_children();
  }
  status = destroy_raw();
  data_->api.end_closing();
  report_after_last_client(Workers::client_destroyed());
  return status;
}

void Client::disable_all_after_fork() noexcept {
  // No other thread is left that could change a slot.
  for (Slot &slot : SlotPool::all()) {
    uint64_t word = slot.word.load(std::memory_order_relaxed);
    if (SlotWord::type(word) != ObjectType::kClient || !SlotWord::referenced(word)) continue;
    auto *object = std::launder(reinterpret_cast<Object *>(slot.storage));
    static_cast<Client *>(object)->data_->api.disable_after_fork();
  }
}

}  // namespace pje
