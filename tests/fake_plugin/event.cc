#include "event.hpp"

#include "calls.hpp"
#include "config.hpp"
#include "log.hpp"
#include "scheduler.hpp"

namespace fake {

bool Completion::Set(Status status) {
  std::vector<Listener> listeners;
  {
    std::lock_guard lock(mutex_);
    if (ready_) return false;
    ready_ = true;
    status_ = std::move(status);
    listeners.swap(listeners_);
    ready_now_.notify_all();
  }
  for (Listener &listener : listeners) listener(status_);
  return true;
}

bool Completion::IsReady(Status *status) {
  std::lock_guard lock(mutex_);
  if (ready_ && status != nullptr) *status = status_;
  return ready_;
}

Status Completion::Wait() {
  std::unique_lock lock(mutex_);
  ready_now_.wait(lock, [this] { return ready_; });
  return status_;
}

void Completion::Listen(Listener listener) {
  {
    std::lock_guard lock(mutex_);
    if (!ready_) {
      listeners_.push_back(std::move(listener));
      return;
    }
  }
  listener(status_);
}

const CompletionPtr &ReadyCompletion() {
  static const CompletionPtr *ready = [] {
    auto *made = new CompletionPtr(std::make_shared<Completion>());
    (*made)->Set(nullptr);
    return made;
  }();
  return *ready;
}

CompletionPtr FailedCompletion(Status status) {
  auto completion = std::make_shared<Completion>();
  completion->Set(std::move(status));
  return completion;
}

PJRT_Event *NewEvent(Client *client, CompletionPtr completion) {
  auto event = std::make_unique<Event>();
  event->completion = std::move(completion);
  if (client != nullptr) event->hold = std::make_unique<ChildHold>(client, Kind::kEvent);
  return Publish(std::move(event));
}

Status Call(PJRT_Event_Destroy_Args &args) {
  if (args.event != nullptr) Retire<Event>(args.event);
  return nullptr;
}

Status Call(PJRT_Event_IsReady_Args &args) {
  Out(&args.is_ready, Use<Event>(args.event).completion->IsReady());
  return nullptr;
}

Status Call(PJRT_Event_Error_Args &args) {
  Status status;
  if (!Use<Event>(args.event).completion->IsReady(&status)) Misuse("the event is not ready yet");
  return status;
}

Status Call(PJRT_Event_Await_Args &args) {
  CompletionPtr completion = Use<Event>(args.event).completion;
  if (Scheduler::OnPluginThread() && !completion->IsReady())
    Misuse("a thread of the plugin waits for an event");
  return completion->Wait();
}

Status Call(PJRT_Event_OnReady_Args &args) {
  if (args.callback == nullptr) Misuse("callback is NULL");
  CompletionPtr completion = Use<Event>(args.event).completion;
  PJRT_Event_OnReadyCallback callback = args.callback;
  void *user_arg = args.user_arg;
  const void *event = args.event;
  completion->Listen([callback, user_arg, event](const Status &status) {
    int times = Current().double_callback ? 2 : 1;
    for (int i = 0; i < times; ++i) {
      if (LogIsOpen()) {
        LogLine(Text("CALLBACK OnReady ", status ? CodeName(status->code) : "ok",
                     " event=", PointerText(event), " ", ThreadColumn()));
      }
      callback(NewError(status), user_arg);
    }
  });
  if (Current().onready_fails)
    return Fail(PJRT_Error_Code_INTERNAL, "the callback was armed, and registering it failed");
  return nullptr;
}

Status Call(PJRT_Event_Create_Args &args) {
  auto event = std::make_unique<Event>();
  event->completion = std::make_shared<Completion>();
  event->promise = true;
  Out(&args.event, Publish(std::move(event)));
  return nullptr;
}

Status Call(PJRT_Event_Set_Args &args) {
  Event &event = Use<Event>(args.event);
  if (!event.promise) Misuse("the event was not made by PJRT_Event_Create");
  CompletionPtr completion = event.completion;
  Status status;
  if (args.error_code != PJRT_Error_Code_OK) {
    status = Fail(args.error_code, std::string(args.error_message, args.error_message_size));
  }
  if (!completion->Set(status)) Misuse("the event is set a second time");
  return nullptr;
}

}  // namespace fake
