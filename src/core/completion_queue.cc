#include "core/completion_queue.hpp"

#include "base/log.hpp"

namespace pje {

void CompletionQueue::Shared::push(uint64_t tag, Status status) noexcept {
  Lock lock = bell.lock();
  if (bell.closed()) return;
  bool was_empty = items.empty();
  try {
    items.push_back({tag, std::move(status)});
  } catch (...) {
    lock.unlock();
    log_line("pje_completion_queue: out of memory: a completion is lost");
    return;
  }
  bell.ring(lock, was_empty);
}

struct CompletionQueue::Arrival final : Event::Continuation {
  std::shared_ptr<Shared> queue;
  uint64_t tag = 0;
};

CompletionQueue::CompletionQueue() : shared_(std::make_shared<Shared>()) {}

CompletionQueue::~CompletionQueue() { close(); }

Status CompletionQueue::check_process() const noexcept {
  if (made_in_.this_process()) [[likely]]
    return {};
  return failure(PJE_FAILED_PRECONDITION,
                 "the queue was made before fork, in the parent process: only release it here");
}

Result<Ref<CompletionQueue>> CompletionQueue::create() {
  Ref<CompletionQueue> queue = make<CompletionQueue>();
  PJE_TRY(queue->shared_->bell.open());
  return queue;
}

Status CompletionQueue::add(Event &event, uint64_t tag) {
  PJE_TRY(check_process());
  {
    Lock lock = shared_->bell.lock();
    if (shared_->bell.closed()) return failure(PJE_FAILED_PRECONDITION, "the queue is closed");
  }
  auto arrival = std::make_unique<Arrival>();
  arrival->queue = shared_;
  arrival->tag = tag;
  arrival->run = [](const Status &outcome, Event::Continuation &self) noexcept {
    auto &mine = static_cast<Arrival &>(self);
    mine.queue->push(mine.tag, outcome.copy());
  };
  return event.then(std::move(arrival));
}

Status CompletionQueue::next(int64_t timeout_ns, size_t capacity, uint64_t *tags, pje_error **errors,
                             size_t *count) {
  PJE_TRY(check_process());
  std::vector<Item> taken;
  taken.reserve(std::min<size_t>(capacity, 64));
  {
    Lock lock = shared_->bell.lock();
    std::deque<Item> &items = shared_->items;
    shared_->bell.wait(lock, timeout_ns, [&] { return !items.empty(); });
    if (items.empty() && shared_->bell.closed())
      return failure(PJE_FAILED_PRECONDITION, "the queue is closed and empty");
    while (taken.size() < capacity && !items.empty()) {
      taken.push_back(std::move(items.front()));
      items.pop_front();
    }
    if (items.empty()) shared_->bell.quiet();
  }
  for (size_t i = 0; i < taken.size(); ++i) {
    tags[i] = taken[i].tag;
    pje_error *error = std::move(taken[i].status).take().to_public();
    if (errors != nullptr)
      errors[i] = error;
    else
      release_handle(error, ObjectType::kError);
  }
  *count = taken.size();
  return {};
}

Status CompletionQueue::on_nonempty(pje_callback callback, void *user_data) {
  PJE_TRY(check_process());
  Lock lock = shared_->bell.lock();
  shared_->bell.set_callback(lock, callback, user_data, [&] { return !shared_->items.empty(); });
  return {};
}

size_t CompletionQueue::num_queued() const noexcept {
  Lock lock = shared_->bell.lock();
  return shared_->items.size();
}

bool CompletionQueue::is_closed() const noexcept {
  Lock lock = shared_->bell.lock();
  return shared_->bell.closed();
}

Status CompletionQueue::wake() {
  PJE_TRY(check_process());
  Lock lock = shared_->bell.lock();
  shared_->bell.wake();
  return {};
}

void CompletionQueue::close() noexcept {
  if (!made_in_.this_process()) return;
  Lock lock = shared_->bell.lock();
  shared_->bell.close();
}

}  // namespace pje
