#include "core/event.hpp"

#include <chrono>

#include "base/text.hpp"
#include "base/thread_context.hpp"

namespace pje {

RawEvent::~RawEvent() {
  if (raw_ == nullptr) return;
  auto args = abi::zeroed<PJRT_Event_Destroy_Args>();
  args.event = raw_;
  api_->call_and_log(args);
}

Status RawEvent::await(const char *origin) const noexcept {
  auto args = abi::zeroed<PJRT_Event_Await_Args>();
  args.event = raw_;
  Status status = api_->call(args);
  if (status.ok()) [[likely]]
    return status;
  // The plugin's error is about the work, not about the waiting.
  if (status.error()->function() == "PJRT_Event_Await") status.error()->set_function(origin);
  return status;
}

Event::Event(Client &client, RawEvent raw, const char *origin) noexcept
    : hold_(client.hold()), api_(&client.api()), raw_(raw.take()), origin_(origin) {}

Event::Event(Client &client, Status status) noexcept
    : hold_(client.hold()), api_(&client.api()), status_(std::move(status)), ready_(true) {}

Event::~Event() { RawEvent destroyed(*api_, raw_); }

bool Event::is_ready() const noexcept {
  if (ready_.load(std::memory_order_acquire)) return true;
  if (raw_ == nullptr) return false;
  auto args = abi::zeroed<PJRT_Event_IsReady_Args>();
  args.event = raw_;
  // A plugin that cannot even answer this has an event that will never be better known.
  return !api_->call(args).ok() || args.is_ready;
}

void Event::remember(const Status &status) const noexcept {
  Lock lock(mutex_);
  // Whoever waits in a list is woken by the plugin's callback alone.
  if (armed_ || callbacks_ != nullptr || waiters_ != nullptr || ready_.load(std::memory_order_relaxed))
    return;
  status_ = status.copy();
  ready_.store(true, std::memory_order_release);
}

Status Event::wait() noexcept {
  if (ready_.load(std::memory_order_acquire)) return status_.copy();
  auto args = abi::zeroed<PJRT_Event_Await_Args>();
  args.event = raw_;
  Status status = api_->call(args);
  if (!status.ok() && status.error()->function() == "PJRT_Event_Await") status.error()->set_function(origin_);
  remember(status);
  return status;
}

Status Event::error() const noexcept {
  if (ready_.load(std::memory_order_acquire)) return status_.copy();
  if (!is_ready()) return failure(PJE_FAILED_PRECONDITION, "the event is not ready yet: wait for it first");
  auto args = abi::zeroed<PJRT_Event_Error_Args>();
  args.event = raw_;
  Status status = api_->call(args);
  if (!status.ok() && status.error()->function() == "PJRT_Event_Error") status.error()->set_function(origin_);
  remember(status);
  return status;
}

void Event::on_plugin_ready(PJRT_Error *error, void *user_arg) noexcept {
  CallbackScope scope;
  // A plugin that refused the registration may still call back, when the event is long gone.
  if (!acquire_if_alive(user_arg, kType)) return;
  auto event = Ref<Event>::adopt(resolve<Event>(static_cast<pje_event *>(user_arg)));
  event->complete(event->api_->take_error(error, event->origin_));
}

Status Event::arm() {
  {
    Lock lock(mutex_);
    if (armed_ || ready_.load(std::memory_order_relaxed)) return {};
    armed_ = true;
    keeps_itself_ = true;
  }
  retain();
  auto args = abi::zeroed<PJRT_Event_OnReady_Args>();
  args.event = raw_;
  args.callback = on_plugin_ready;
  args.user_arg = reinterpret_cast<void *>(handle_bits());
  Status status = api_->call(args);
  if (status.ok()) return {};
  bool drop = false;
  {
    Lock lock(mutex_);
    if (ready_.load(std::memory_order_relaxed)) return {};
    armed_ = false;
    drop = std::exchange(keeps_itself_, false);
  }
  if (drop) release();
  return status;
}

void Event::complete(Status status) noexcept {
  Callback *callbacks;
  bool drop;
  {
    Lock lock(mutex_);
    drop = std::exchange(keeps_itself_, false);
    if (!ready_.load(std::memory_order_relaxed)) {
      status_ = std::move(status);
      ready_.store(true, std::memory_order_release);
    }
    callbacks = std::exchange(callbacks_, nullptr);
    for (SyncWaiter *waiter = std::exchange(waiters_, nullptr); waiter != nullptr;) {
      SyncWaiter *next = waiter->next;
      waiter->done = true;
      waiter->signal.notify_one();
      waiter = next;
    }
  }
  CallbackScope scope;
  // The list holds the latest registration first; they run in the order of registration.
  Callback *in_order = nullptr;
  while (callbacks != nullptr) {
    Callback *next = callbacks->next;
    callbacks->next = in_order;
    in_order = callbacks;
    callbacks = next;
  }
  while (in_order != nullptr) {
    std::unique_ptr<Callback> callback(std::exchange(in_order, in_order->next));
    assert_no_lock_held();
    callback->run(callback->user_data);
  }
  if (drop) release();
}

bool Event::unlink(SyncWaiter &waiter) noexcept {
  for (SyncWaiter **at = &waiters_; *at != nullptr; at = &(*at)->next) {
    if (*at != &waiter) continue;
    *at = waiter.next;
    return true;
  }
  return false;
}

bool Event::unlink(Callback *callback) noexcept {
  Lock lock(mutex_);
  for (Callback **at = &callbacks_; *at != nullptr; at = &(*at)->next) {
    if (*at != callback) continue;
    *at = callback->next;
    return true;
  }
  return false;
}

Status Event::wait_for(int64_t timeout_ns) {
  if (timeout_ns < 0) return wait();
  auto expired = [] { return failure(PJE_DEADLINE_EXCEEDED, "the event was not ready in time; it goes on"); };
  if (is_ready()) return error();
  if (timeout_ns == 0) return expired();
  auto now = std::chrono::steady_clock::now();
  auto longest = std::chrono::steady_clock::time_point::max() - now;
  auto deadline = std::chrono::nanoseconds(timeout_ns) > longest
                      ? std::chrono::steady_clock::time_point::max()
                      : now + std::chrono::nanoseconds(timeout_ns);
  SyncWaiter waiter;
  {
    Lock lock(mutex_);
    if (ready_.load(std::memory_order_relaxed)) return status_.copy();
    waiter.next = waiters_;
    waiters_ = &waiter;
  }
  Status armed = arm();
  Lock lock(mutex_);
  if (!armed.ok()) {
    unlink(waiter);
    return armed;
  }
  while (!waiter.done) {
    if (waiter.signal.wait_until(lock, deadline) == std::cv_status::timeout && !waiter.done) {
      unlink(waiter);
      return expired();
    }
  }
  return status_.copy();
}

Status Event::on_ready(pje_callback callback, void *user_data) {
  auto record = std::make_unique<Callback>(Callback{nullptr, callback, user_data});
  Callback *linked = nullptr;
  {
    Lock lock(mutex_);
    if (!ready_.load(std::memory_order_relaxed)) {
      linked = record.release();
      linked->next = callbacks_;
      callbacks_ = linked;
    }
  }
  if (linked == nullptr) {
    CallbackScope scope;
    callback(user_data);
    return {};
  }
  Status armed = arm();
  if (armed.ok() || !unlink(linked)) return {};
  delete linked;
  return armed;
}

}  // namespace pje
