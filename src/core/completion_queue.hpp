// Completion queues: how a program, or a language's runtime, takes completions on its own terms.
#pragma once

#include <deque>
#include <memory>
#include <span>

#include "core/event.hpp"

namespace pje {

class CompletionQueue final : public Object {
 public:
  using Handle = pje_completion_queue;
  static constexpr ObjectType kType = ObjectType::kCompletionQueue;

  static Result<Ref<CompletionQueue>> create();

  CompletionQueue();
  ~CompletionQueue() override;

  Status add(Event &event, uint64_t tag);
  Status next(int64_t timeout_ns, size_t capacity, uint64_t *tags, pje_error **errors, size_t *count);
  Status on_nonempty(pje_callback callback, void *user_data);
  int fd() const noexcept { return shared_->fd; }
  Status wake();
  void close() noexcept;

 private:
  struct Item {
    uint64_t tag;
    Status status;
  };
  // Outlives the handle while events are outstanding.
  struct Shared {
    ~Shared();
    void push(uint64_t tag, Status status) noexcept;
    // With calls_running counted by whoever decided on the call.
    void call_back(pje_callback run, void *data) noexcept;
    void signal_fd() const noexcept;
    void drain_fd() const noexcept;

    Mutex mutex;
    Condition changed;
    // Apart from `changed`, whose single notifications are for those who wait for completions.
    Condition call_ended;
    std::deque<Item> items;
    int fd = -1;
    bool closed = false;
    uint64_t wakes = 0;
    size_t calls_running = 0;
    pje_callback callback = nullptr;
    void *user_data = nullptr;
  };
  struct Arrival;

  Status check_process() const noexcept;

  std::shared_ptr<Shared> shared_;
  MadeIn made_in_;
};

}  // namespace pje
