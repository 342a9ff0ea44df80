// Completion: what events, buffers and runs wait on.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "registry.hpp"
#include "status.hpp"

namespace fake {

struct Client;

// Counts a handle among the client's children, which must be gone before the client is.
class ChildHold {
 public:
  ChildHold(Client *client, Kind kind);
  ~ChildHold();
  ChildHold(const ChildHold &) = delete;
  ChildHold &operator=(const ChildHold &) = delete;
  Client *client() const { return client_; }

 private:
  Client *client_;
  Kind kind_;
};

class Completion {
 public:
  using Listener = std::function<void(const Status &)>;

  // False when it was set before; the outcome then stays.
  bool Set(Status status);
  bool IsReady(Status *status = nullptr);
  Status Wait();
  // Runs in the calling thread when it is ready already; never under a lock.
  void Listen(Listener listener);

 private:
  std::mutex mutex_;
  std::condition_variable ready_now_;
  bool ready_ = false;
  Status status_;
  std::vector<Listener> listeners_;
};
using CompletionPtr = std::shared_ptr<Completion>;

// One shared object, so that what is ready from the start costs no allocation.
const CompletionPtr &ReadyCompletion();
CompletionPtr FailedCompletion(Status status);

struct Event {
  using Handle = PJRT_Event;
  static constexpr Kind kKind = Kind::kEvent;
  CompletionPtr completion;
  std::unique_ptr<ChildHold> hold;
  // Made by PJRT_Event_Create: only those may be set by the caller.
  bool promise = false;
};

PJRT_Event *NewEvent(Client *client, CompletionPtr completion);

}  // namespace fake
