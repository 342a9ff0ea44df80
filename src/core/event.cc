#include "core/event.hpp"

#include <algorithm>
#include <cstring>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/thread_context.hpp"
#include "base/workers.hpp"

namespace pje {

namespace {

constexpr const char *kUploadOrigin = "PJRT_Client_BufferFromHostBuffer";

Status expired() { return failure(PJE_DEADLINE_EXCEEDED, "the event was not ready in time; it goes on"); }

}  // namespace

[[gnu::cold]] void RawEvent::name_origin(const Status &status, std::string_view waiter,
                                         const char *origin) noexcept {
  if (status.error()->function() == waiter) status.error()->set_function(origin);
}

[[gnu::cold]] Status RawEvent::finish_failed(const abi::Api &api, PJRT_Event *raw, Status failed,
                                             const char *origin) noexcept {
  name_origin(failed, "PJRT_Event_Await", origin);
  destroy_known(api, raw);
  return failed;
}

Event::Event(Client &client, Status status) noexcept
    : hold_(client.hold()), api_(&client.api()), status_(std::move(status)), ready_(true), settable_(false) {}

Ref<Event> Event::make_unsettable(Client *client) {
  Ref<Event> event = make<Event>();
  event->settable_ = false;
  if (client != nullptr) {
    event->hold_ = client->hold();
    event->api_ = &client->api();
  }
  return event;
}

[[gnu::flatten]] bool Event::release_sole(pje_event *handle) noexcept {
  auto bits = reinterpret_cast<uintptr_t>(handle);
  if (!SlotPool::range().contains(bits)) return false;
  Slot *slot = Slot::of(bits);
  uint64_t sole = SlotWord::expected(bits, kType) + SlotWord::kPublicOne;
  if (slot->word.load(std::memory_order_acquire) != sole) return false;
  auto *event = static_cast<Event *>(Object::in(slot));
  // Whoever waits for a promise has to learn that it is gone.
  if (event->raw_ == nullptr) return false;
  if (!slot->word.compare_exchange_strong(sole, SlotWord::freed_by(bits), std::memory_order_acq_rel,
                                          std::memory_order_relaxed))
    return false;
  // As in on_unreferenced().
  if (event->is_told()) Lock lock(event->mutex_);
  event->~Event();
  slot->poison();
  SlotPool::put(slot, slot, 1);
  return true;
}

[[gnu::always_inline]] inline bool Event::is_finished() const noexcept {
  if (!ready_.load(std::memory_order_acquire)) return false;
  if (is_told()) Lock lock(mutex_);
  return true;
}

namespace {

Status released_unset() noexcept {
  return failure_of("pje_event_release", PJE_CANCELLED, "the event was released before it was set");
}

}  // namespace

void Event::on_released_in_use() noexcept {
  if (settable_ && raw_ == nullptr && !ready_.load(std::memory_order_acquire)) (void)set(released_unset());
}

void Event::on_unreferenced() noexcept {
  // Who made it ready may still be about to leave the lock.
  if (is_told()) Lock lock(mutex_);
  if (raw_ == nullptr && !ready_.load(std::memory_order_acquire) && made_in_.this_process()) {
    // Alive again while its dependents learn that nobody will ever set it.
    Status cancelled = released_unset();
    if (told_ != nullptr) tell_plugin_at_the_end(cancelled);
    complete(Ref<Event>::share(this), std::move(cancelled));
    return;
  }
  destroy();
}

Status Event::unusable() const noexcept {
  if (made_in_.this_process()) return api_->unusable();
  return failure(PJE_FAILED_PRECONDITION,
                 "the event was made before fork, in the parent process: only release it here");
}

bool Event::is_ready() const noexcept {
  if (is_finished()) return true;
  if (raw_ == nullptr) return !made_in_.this_process();
  if (seen_ok_.load(std::memory_order_acquire)) return true;
  auto args = abi::zeroed<PJRT_Event_IsReady_Args>();
  args.event = raw_;
  // A plugin that cannot even answer this has an event that will never be better known.
  return !api_->call(args).ok() || args.is_ready;
}

void Event::remember_failure(const Status &status) const noexcept {
  Lock lock(mutex_);
  // Whoever waits in a list is woken by the plugin's callback alone.
  if (armed_ || first_callback_.function != nullptr || continuations_ != nullptr || waiters_ != nullptr ||
      ready_.load(std::memory_order_relaxed))
    return;
  status_ = status.copy();
  ready_.store(true, std::memory_order_release);
}

[[gnu::always_inline]] inline Status Event::await_plugin() const noexcept {
  return RawEvent::await(*api_, raw_, origin_);
}

Status Event::wait() {
  PJE_TRY(check_process());
  if (is_finished()) return status_.copy();
  // With a callback registered, only the list tells when the plugin's thread has let go of the event.
  if (is_told()) return wait_in_list(nullptr);
  if (seen_ok_.load(std::memory_order_acquire)) return {};
  Status status = await_plugin();
  remember(status);
  return status;
}

Status Event::error() const noexcept {
  PJE_TRY(check_process());
  if (is_finished()) return status_.copy();
  if (!is_ready()) return failure(PJE_FAILED_PRECONDITION, "the event is not ready yet: wait for it first");
  if (seen_ok_.load(std::memory_order_acquire)) return {};
  auto args = abi::zeroed<PJRT_Event_Error_Args>();
  args.event = raw_;
  Status status = api_->call(args);
  if (!status.ok()) [[unlikely]]
    RawEvent::name_origin(status, "PJRT_Event_Error", origin_);
  remember(status);
  return status;
}

[[gnu::flatten]] void Event::on_plugin_ready(PJRT_Error *error, void *user_arg) noexcept {
  CallbackScope scope;
  // A plugin that refused the registration may still call back, when the event is long gone.
  Slot *slot = Slot::of(reinterpret_cast<uintptr_t>(user_arg));
  if (!acquire_in(slot, user_arg, kType)) return;
  auto *event = static_cast<Event *>(Object::in(slot));
  complete(Ref<Event>::adopt(event),
           error == nullptr ? Status() : event->api_->take_error(error, event->origin_));
}

Status Event::arm() noexcept {
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

// Whoever registered while a registration was under way relied on it; when the plugin then refuses it, a
// thread of ours waits in its stead.
void Event::await_for_others() noexcept {
  {
    Lock lock(mutex_);
    if (armed_ || (first_callback_.function == nullptr && continuations_ == nullptr && waiters_ == nullptr))
      return;
  }
  try {
    if (Workers::pool().post([event = Ref<Event>::share(this)]() mutable {
          Status status = event->await_plugin();
          complete(std::move(event), std::move(status));
        }))
      return;
  } catch (...) {
    // Said below.
  }
  log_line("pje_event: the plugin refuses to report an event, and no thread is left to wait for it");
}

// The continuations that this thread has still to run. Dependents of dependents are appended, so that a chain
// of any length is worked off from one loop on constant stack.
struct Event::RunList {
  struct Entry {
    Status outcome;
    FirstCallback first;
    Continuation *list;
  };
  std::vector<Entry> entries;

  static void run(const Status &outcome, FirstCallback first, Continuation *list) noexcept {
    assert_no_lock_held();
    if (first.function != nullptr) first.function(first.user_data);
    while (list != nullptr) {
      std::unique_ptr<Continuation> continuation(std::exchange(list, list->next));
      continuation->run(outcome, *continuation);
    }
  }

  [[gnu::tls_model("initial-exec")]] static inline constinit thread_local RunList *running = nullptr;
};

namespace {

// The list holds the latest registration first; they run in the order of registration.
Event::Continuation *in_order(Event::Continuation *list) noexcept {
  Event::Continuation *reversed = nullptr;
  while (list != nullptr) {
    Event::Continuation *next = std::exchange(list->next, reversed);
    reversed = std::exchange(list, next);
  }
  return reversed;
}

}  // namespace

void Event::run_continuations(const Status &outcome, FirstCallback first, Continuation *list) noexcept {
  if (first.function == nullptr && list == nullptr) return;
  CallbackScope scope;
  if (list != nullptr) list = in_order(list);
  try {
    if (RunList::running != nullptr) {
      RunList::running->entries.push_back({outcome.copy(), first, list});
      return;
    }
    RunList mine;
    RunList::running = &mine;
    RunList::run(outcome, first, list);
    for (size_t i = 0; i < mine.entries.size(); ++i) {
      RunList::Entry entry = std::move(mine.entries[i]);
      RunList::run(entry.outcome, entry.first, entry.list);
    }
    RunList::running = nullptr;
  } catch (...) {
    // No memory to note them for later: they run now, deeper in the stack.
    RunList::run(outcome, first, list);
  }
}

void Event::complete(Ref<Event> reference, Status status, Ref<Object> result) noexcept {
  Event *event = std::move(reference).leak();
  FirstCallback first;
  Continuation *continuations;
  SyncWaiter *waiters;
  bool unreferenced;
  {
    Lock lock(event->mutex_);
    if (!event->ready_.load(std::memory_order_relaxed)) {
      event->status_ = std::move(status);
      event->result_ = std::move(result);
      event->ready_.store(true, std::memory_order_release);
    }
    status = event->status_.copy();
    first = std::exchange(event->first_callback_, {});
    continuations = std::exchange(event->continuations_, nullptr);
    waiters = std::exchange(event->waiters_, nullptr);
    // Whoever learns that the event is ready has passed this lock or was woken behind it, and may count on
    // being the last to hold the event: with it a whole client may end, on the thread that lets go last.
    unreferenced = event->drop_references(std::exchange(event->keeps_itself_, false) ? 2 : 1);
  }
  if (unreferenced) event->on_unreferenced();
  while (waiters != nullptr) std::exchange(waiters, waiters->next)->woken.signal();
  run_continuations(status, first, continuations);
}

bool Event::unlink(SyncWaiter &waiter) noexcept {
  Lock lock(mutex_);
  for (SyncWaiter **at = &waiters_; *at != nullptr; at = &(*at)->next) {
    if (*at != &waiter) continue;
    *at = waiter.next;
    return true;
  }
  return false;
}

bool Event::unlink(Continuation *continuation) noexcept {
  Lock lock(mutex_);
  for (Continuation **at = &continuations_; *at != nullptr; at = &(*at)->next) {
    if (*at != continuation) continue;
    *at = continuation->next;
    return true;
  }
  return false;
}

Status Event::wait_in_list(const std::chrono::steady_clock::time_point *deadline) {
  SyncWaiter waiter;
  bool arms = false;
  {
    Lock lock(mutex_);
    if (ready_.load(std::memory_order_relaxed)) return status_.copy();
    waiter.next = waiters_;
    waiters_ = &waiter;
    arms = begin_arming();
  }
  Status armed = arms ? arm() : Status();
  if (!armed.ok() && unlink(waiter)) {
    await_for_others();
    return armed;
  }
  if (!waiter.woken.wait(deadline)) {
    if (unlink(waiter)) return expired();
    // Taken from the list already: the signal is on its way, and the waiter must outlive it.
    waiter.woken.wait(nullptr);
  }
  return status_.copy();
}

Status Event::wait_for(int64_t timeout_ns) {
  if (timeout_ns < 0) return wait();
  PJE_TRY(check_process());
  if (is_ready()) return error();
  return timeout_ns == 0 ? expired() : wait_until(timeout_ns);
}

Status Event::wait_until(int64_t timeout_ns) {
  if (timeout_ns < 0) return wait_in_list(nullptr);
  auto now = std::chrono::steady_clock::now();
  auto longest = std::chrono::steady_clock::time_point::max() - now;
  auto timeout = std::min<std::chrono::steady_clock::duration>(std::chrono::nanoseconds(timeout_ns), longest);
  auto deadline = now + timeout;
  return wait_in_list(&deadline);
}

bool Event::waits_for_release() const noexcept { return std::strcmp(origin_, kUploadOrigin) == 0; }

bool Event::settle(int64_t timeout_ns) noexcept {
  try {
    if (!ready_.load(std::memory_order_acquire)) (void)wait_until(timeout_ns);
    if (ready_.load(std::memory_order_acquire)) return true;
    // A plugin that cannot call back can still be waited for.
    if (raw_ == nullptr || is_armed()) return false;
    remember(await_plugin());
    return true;
  } catch (...) {
    return false;
  }
}

void Event::on_client_close() noexcept {
  // The plugin's thread may still be on its way to us.
  if (is_armed()) settle(-1);
  if (raw_ != nullptr) {
    auto args = abi::zeroed<PJRT_Event_Destroy_Args>();
    args.event = std::exchange(raw_, nullptr);
    api_->call_and_log(args);
  }
  settable_ = false;
  Status closed = failure(PJE_FAILED_PRECONDITION, "client closed");
  bool was_ready = ready_.load(std::memory_order_acquire);
  if (PJRT_Event *told = told_) {
    if (!was_ready) tell_plugin_at_the_end(closed);
    told_ = nullptr;
    RawEvent destroyed(*api_, told);
  }
  if (!was_ready) complete(Ref<Event>::share(this), std::move(closed));
  hold_.become_leftover();
}

Status Event::then(std::unique_ptr<Continuation> continuation) {
  PJE_TRY(check_process());
  Continuation *linked = nullptr;
  bool arms = false;
  {
    Lock lock(mutex_);
    settle_seen();
    if (!ready_.load(std::memory_order_relaxed)) {
      linked = continuation.release();
      linked->next = continuations_;
      continuations_ = linked;
      arms = begin_arming();
    }
  }
  if (linked == nullptr) {
    run_continuations(status_.copy(), {}, continuation.release());
    return {};
  }
  if (!arms) return {};
  Status armed = arm();
  if (armed.ok() || !unlink(linked)) return {};
  delete linked;
  await_for_others();
  return armed;
}

[[gnu::flatten]] Status Event::on_ready(pje_callback callback, void *user_data) {
  PJE_TRY(check_process());
  bool is_first = false;
  bool arms = false;
  {
    Lock lock(mutex_);
    settle_seen();
    if (ready_.load(std::memory_order_relaxed)) {
      lock.unlock();
      run_continuations(status_.copy(), {callback, user_data}, nullptr);
      return {};
    }
    is_first = first_callback_.function == nullptr && continuations_ == nullptr;
    if (is_first) {
      first_callback_ = {callback, user_data};
      arms = begin_arming();
    }
  }
  if (!is_first) [[unlikely]]
    return on_ready_too(callback, user_data);
  if (!arms) return {};
  Status armed = arm();
  if (armed.ok()) [[likely]]
    return {};
  {
    Lock lock(mutex_);
    if (first_callback_.function == nullptr) return {};
    first_callback_ = {};
  }
  await_for_others();
  return armed;
}

Status Event::on_ready_too(pje_callback callback, void *user_data) {
  struct UserCallback final : Continuation {
    pje_callback callback;
    void *user_data;
  };
  auto record = std::make_unique<UserCallback>();
  record->run = [](const Status &, Continuation &self) noexcept {
    auto &mine = static_cast<UserCallback &>(self);
    mine.callback(mine.user_data);
  };
  record->callback = callback;
  record->user_data = user_data;
  return then(std::move(record));
}

Status Event::set(Status status) {
  PJE_TRY(check_process());
  {
    Lock lock(mutex_);
    if (!settable_)
      return failure(
          PJE_FAILED_PRECONDITION,
          "the event is not one made by pje_event_create or pje_event_create_raw, or is set already");
    settable_ = false;
  }
  if (Status told = told_ != nullptr ? tell_plugin(status) : Status(); !told.ok()) {
    Lock lock(mutex_);
    settable_ = true;
    return told;
  }
  complete(Ref<Event>::share(this), std::move(status));
  return {};
}

}  // namespace pje
