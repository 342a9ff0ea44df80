// Events: futures that wrap a plugin's event.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include "base/one_shot.hpp"
#include "base/process.hpp"
#include "core/client.hpp"

namespace pje {

// A plugin's event that no handle names: awaited where it arises, and destroyed on every path.
class RawEvent {
 public:
  RawEvent() noexcept = default;
  RawEvent(const abi::Api &api, PJRT_Event *raw) noexcept : api_(&api), raw_(raw) {}
  RawEvent(RawEvent &&other) noexcept : api_(other.api_), raw_(std::exchange(other.raw_, nullptr)) {}
  RawEvent &operator=(RawEvent &&other) noexcept {
    std::swap(api_, other.api_);
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~RawEvent() {
    if (raw_ != nullptr) destroy();
  }
  explicit operator bool() const noexcept { return raw_ != nullptr; }
  // Waits; an error carries the name of the function whose work it was.
  [[gnu::always_inline]] static Status await(const abi::Api &api, PJRT_Event *raw,
                                             const char *origin) noexcept {
    auto args = abi::zeroed<PJRT_Event_Await_Args>();
    args.event = raw;
    Status status = api.call(args);
    if (!status.ok()) [[unlikely]]
      name_origin(status, "PJRT_Event_Await", origin);
    return status;
  }
  Status await(const char *origin) const noexcept { return await(*api_, raw_, origin); }
  // Waits and destroys at once, for events that are there.
  [[gnu::always_inline]] Status finish(const char *origin) noexcept {
    Status status = await(*api_, raw_, origin);
    destroy();
    raw_ = nullptr;
    return status;
  }
  // Likewise for one that is there, of a plugin that may be reached and has what it takes.
  [[gnu::always_inline]] static Status finish_known(const abi::Api &api, PJRT_Event *raw,
                                                    const char *origin) noexcept {
    auto await = abi::zeroed<PJRT_Event_Await_Args>();
    await.event = raw;
    if (Status failed = api.call_known(await); !failed.ok()) [[unlikely]]
      return finish_failed(api, raw, std::move(failed), origin);
    destroy_known(api, raw);
    return {};
  }
  // An error is about the work, not about the waiting.
  static void name_origin(const Status &status, std::string_view waiter, const char *origin) noexcept;
  PJRT_Event *take() noexcept { return std::exchange(raw_, nullptr); }

 private:
  [[gnu::always_inline]] static void destroy_known(const abi::Api &api, PJRT_Event *raw) noexcept {
    auto destroy = abi::zeroed<PJRT_Event_Destroy_Args>();
    destroy.event = raw;
    api.call_known_and_log(destroy);
  }
  static Status finish_failed(const abi::Api &api, PJRT_Event *raw, Status failed,
                              const char *origin) noexcept;
  [[gnu::always_inline]] void destroy() noexcept {
    auto args = abi::zeroed<PJRT_Event_Destroy_Args>();
    args.event = raw_;
    api_->call_and_log(args);
  }

  const abi::Api *api_ = nullptr;
  PJRT_Event *raw_ = nullptr;
};

class Event final : public Object {
 public:
  using Handle = pje_event;
  static constexpr ObjectType kType = ObjectType::kEvent;

  // What runs once an event is ready, with the event's outcome; on any thread, with callbacks' rules. The
  // event itself may be gone by then.
  struct Continuation {
    void (*run)(const Status &outcome, Continuation &self) noexcept = nullptr;
    Continuation *next = nullptr;
    virtual ~Continuation() = default;
  };

  // A promise: made ready by set(), or with CANCELLED when nobody can set it any more.
  Event() noexcept = default;
  // A promise with an event of the plugin's own, which is told whatever the promise becomes.
  static Result<Ref<Event>> make_with_plugin(Client &client);
  PJRT_Event *told() const noexcept { return told_; }
  // `origin` names the function whose work the event stands for; must be static.
  Event(Client &client, RawEvent raw, const char *origin) noexcept
      : Event(client.hold(), raw.take(), origin) {}
  // Without a plugin's event, it is ready from the start.
  Event(ClientHold hold, PJRT_Event *raw, const char *origin) noexcept
      : hold_(std::move(hold)),
        api_(&hold_->api()),
        raw_(raw),
        origin_(origin),
        ready_(raw == nullptr),
        settable_(false) {}
  // Ready from the start.
  Event(Client &client, Status status) noexcept;
  // For the caller, in a slot that was reserved; an event that the plugin did not give is ready.
  template <class Slots>
  static pje_event *give(Slots &&slots, ClientHold hold, PJRT_Event *raw, const char *origin) noexcept {
    pje_event *handle = nullptr;
    slots.take(
        1, [&](Slot *slot, size_t) { handle = make_for_caller<Event>(slot, std::move(hold), raw, origin); });
    return handle;
  }
  // Releases the only reference to a plugin's event in one step; false, and nothing has happened, for others.
  static bool release_sole(pje_event *handle) noexcept;
  ~Event() override {
    if (raw_ != nullptr) RawEvent destroyed(*api_, raw_);
    if (told_ != nullptr) RawEvent destroyed(*api_, told_);
  }

  const Object *owner() const noexcept override { return hold_.get(); }
  void on_client_close() noexcept override;
  // Waits until the event is ready and its callbacks were started (negative: no limit); whether it came to
  // that.
  bool settle(int64_t timeout_ns) noexcept;
  // The function whose work it stands for, or "".
  const char *origin() const noexcept { return origin_; }
  // Whether it reports the end of an upload, which for some uploads is that of the buffer.
  bool waits_for_release() const noexcept;

  bool is_ready() const noexcept;
  Status wait();
  // DEADLINE_EXCEEDED with the name of the public function when time runs out.
  Status wait_for(int64_t timeout_ns);
  Status on_ready(pje_callback callback, void *user_data);
  // An error in a child made by fork, where an event of the parent never ends.
  Status check_process() const noexcept {
    if (made_in_.this_process() && (api_ == nullptr || api_->usable())) [[likely]]
      return {};
    return unusable();
  }
  // Takes the continuation over. An error and it never runs.
  Status then(std::unique_ptr<Continuation> continuation);
  // Only for promises, once.
  Status set(Status status);
  // An event of ours that no caller may set: made ready by finish(). With a client (may be NULL) it stands
  // for work of that client, which the client's end waits for.
  static Ref<Event> make_unsettable(Client *client = nullptr);
  // Gives the reference up before anybody learns that the event is ready, so that who has waited for it is
  // the last to hold it. `result` (may be NULL) is what the work has made.
  static void finish(Ref<Event> event, Status status, Ref<Object> result = {}) noexcept {
    complete(std::move(event), std::move(status), std::move(result));
  }
  // Has one of ours become ready when `source` does, with its outcome.
  static void follow(Ref<Event> event, Event &source) noexcept;
  // What a finished event's work has made, or NULL.
  Object *result() const noexcept { return ready_.load(std::memory_order_acquire) ? result_.get() : nullptr; }
  void on_unreferenced() noexcept override;
  void on_released_in_use() noexcept override;
  // The event's own error; FAILED_PRECONDITION of the public function while it is not ready.
  Status error() const noexcept;

 private:
  // What most events have, and no other: a callback of the caller's, registered before anything else. It
  // needs no record of its own.
  struct FirstCallback {
    pje_callback function = nullptr;
    void *user_data = nullptr;
  };
  struct RunList;
  // Behind others.
  Status on_ready_too(pje_callback callback, void *user_data);
  static void run_continuations(const Status &outcome, FirstCallback first, Continuation *list) noexcept;

  struct SyncWaiter {
    SyncWaiter *next = nullptr;
    OneShot woken;
  };

  // Whether somebody makes it ready by complete(), not by being asked.
  bool is_told() const noexcept { return raw_ == nullptr || armed_.load(std::memory_order_relaxed); }
  // Whether the outcome is known here; who made it so has let go of the event then.
  bool is_finished() const noexcept;
  static void on_plugin_ready(PJRT_Error *error, void *user_arg) noexcept;
  Status unusable() const noexcept;
  // Once: plugins end the process over an event that is set again.
  Status tell_plugin(const Status &outcome) const noexcept;
  // As far as the plugin can still be reached.
  void tell_plugin_at_the_end(const Status &outcome) const noexcept;
  // With the lock held: whether the caller has to arm() once it has let go of the lock.
  bool begin_arming() noexcept {
    if (raw_ == nullptr || armed_.load(std::memory_order_relaxed) || ready_.load(std::memory_order_relaxed))
      return false;
    armed_.store(true, std::memory_order_relaxed);
    keeps_itself_ = true;
    return true;
  }
  Status arm() noexcept;
  Status await_plugin() const noexcept;
  void await_for_others() noexcept;
  static void complete(Ref<Event> event, Status status, Ref<Object> result = {}) noexcept;
  void remember(const Status &status) const noexcept {
    if (status.ok()) [[likely]]
      seen_ok_.store(true, std::memory_order_release);
    else
      remember_failure(status);
  }
  void remember_failure(const Status &status) const noexcept;
  // With the lock held: makes it ready for good if the plugin was heard to say so.
  void settle_seen() const noexcept {
    if (seen_ok_.load(std::memory_order_acquire) && !armed_.load(std::memory_order_relaxed))
      ready_.store(true, std::memory_order_release);
  }
  Status wait_until(int64_t timeout_ns);
  bool is_armed() const noexcept { return armed_.load(std::memory_order_relaxed); }
  bool unlink(SyncWaiter &waiter) noexcept;
  bool unlink(Continuation *continuation) noexcept;
  Status wait_in_list(const std::chrono::steady_clock::time_point *deadline);

  ClientHold hold_;
  const abi::Api *api_ = nullptr;
  PJRT_Event *raw_ = nullptr;
  PJRT_Event *told_ = nullptr;
  const char *origin_ = "";
  mutable Mutex mutex_;
  FirstCallback first_callback_;
  Continuation *continuations_ = nullptr;
  SyncWaiter *waiters_ = nullptr;
  mutable Status status_;
  Ref<Object> result_;
  mutable std::atomic<bool> ready_{false};
  // The plugin has said so, to somebody who asked; only good while nobody has to be told.
  mutable std::atomic<bool> seen_ok_{false};
  std::atomic<bool> armed_{false};
  bool keeps_itself_ = false;
  bool settable_ = true;
  MadeIn made_in_;
};

}  // namespace pje
