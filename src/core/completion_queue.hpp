// Completion queues: how a program, or a language's runtime, takes completions on its own terms.
#pragma once

#include <deque>
#include <memory>
#include <span>

#include "core/doorbell.hpp"
#include "core/event.hpp"

namespace pje {

class CompletionQueue final : public Object {
 public:
  using Handle = pje_completion_queue;
  static constexpr ObjectType kType = ObjectType::kCompletionQueue;

  static Result<Ref<CompletionQueue>> create();

  CompletionQueue();
  ~CompletionQueue() override;
  void on_released_in_use() noexcept override { close(); }

  Status add(Event &event, uint64_t tag);
  Status next(int64_t timeout_ns, size_t capacity, uint64_t *tags, pje_error **errors, size_t *count);
  Status on_nonempty(pje_callback callback, void *user_data);
  int fd() const noexcept { return shared_->bell.fd(); }
  size_t num_queued() const noexcept;
  bool is_closed() const noexcept;
  Status wake();
  void close() noexcept;

 private:
  struct Item {
    uint64_t tag;
    Status status;
  };
  // Outlives the handle while events are outstanding.
  struct Shared {
    void push(uint64_t tag, Status status) noexcept;

    Doorbell bell;
    std::deque<Item> items;
  };
  struct Arrival;

  Status check_process() const noexcept;

  std::shared_ptr<Shared> shared_;
  MadeIn made_in_;
};

}  // namespace pje
