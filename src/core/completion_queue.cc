#include "core/completion_queue.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/thread_context.hpp"

namespace pje {

CompletionQueue::Shared::~Shared() {
  if (fd >= 0) ::close(fd);
}

void CompletionQueue::Shared::signal_fd() const noexcept {
  uint64_t one = 1;
  (void)!write(fd, &one, sizeof(one));
}

void CompletionQueue::Shared::drain_fd() const noexcept {
  uint64_t ignored;
  (void)!read(fd, &ignored, sizeof(ignored));
}

void CompletionQueue::Shared::push(uint64_t tag, Status status) noexcept {
  pje_callback run = nullptr;
  void *data = nullptr;
  {
    Lock lock(mutex);
    if (closed) return;
    bool was_empty = items.empty();
    try {
      items.push_back({tag, std::move(status)});
    } catch (...) {
      log_line("pje_completion_queue: out of memory: a completion is lost");
      return;
    }
    changed.notify_one();
    // Wake-ups merge: one for as long as something is queued.
    if (!was_empty) return;
    signal_fd();
    run = callback;
    data = user_data;
    if (run != nullptr) ++calls_running;
  }
  if (run != nullptr) call_back(run, data);
}

void CompletionQueue::Shared::call_back(pje_callback run, void *data) noexcept {
  {
    CallbackScope scope;
    run(data);
  }
  Lock lock(mutex);
  --calls_running;
  call_ended.notify_all();
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
  queue->shared_->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (queue->shared_->fd < 0)
    return failure(PJE_RESOURCE_EXHAUSTED,
                   concat("no file descriptor for the queue: ", std::strerror(errno)));
  return queue;
}

Status CompletionQueue::add(Event &event, uint64_t tag) {
  PJE_TRY(check_process());
  {
    Lock lock(shared_->mutex);
    if (shared_->closed) return failure(PJE_FAILED_PRECONDITION, "the queue is closed");
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
    Lock lock(shared_->mutex);
    auto something = [&] { return !shared_->items.empty() || shared_->closed || shared_->wakes > 0; };
    if (timeout_ns < 0)
      shared_->changed.wait(lock, something);
    else if (timeout_ns > 0)
      shared_->changed.wait_for(lock,
                                std::min(std::chrono::nanoseconds(timeout_ns),
                                         std::chrono::nanoseconds(std::chrono::hours(24 * 365))),
                                something);
    shared_->wakes = 0;
    if (shared_->items.empty()) {
      if (shared_->closed) return failure(PJE_FAILED_PRECONDITION, "the queue is closed and empty");
      shared_->drain_fd();
      return {};
    }
    while (taken.size() < capacity && !shared_->items.empty()) {
      taken.push_back(std::move(shared_->items.front()));
      shared_->items.pop_front();
    }
    // A closed queue stays readable, so that a loop comes to learn that it is closed.
    if (shared_->items.empty() && !shared_->closed) shared_->drain_fd();
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
  bool now;
  {
    Lock lock(shared_->mutex);
    shared_->callback = callback;
    shared_->user_data = user_data;
    // The caller may free what the callback before used.
    shared_->call_ended.wait(lock, [&] { return shared_->calls_running == 0; });
    now = callback != nullptr && shared_->callback == callback && !shared_->items.empty();
    if (now) ++shared_->calls_running;
  }
  if (now) shared_->call_back(callback, user_data);
  return {};
}

Status CompletionQueue::wake() {
  PJE_TRY(check_process());
  Lock lock(shared_->mutex);
  ++shared_->wakes;
  shared_->changed.notify_all();
  shared_->signal_fd();
  return {};
}

void CompletionQueue::close() noexcept {
  if (!made_in_.this_process()) return;
  Lock lock(shared_->mutex);
  shared_->closed = true;
  shared_->callback = nullptr;
  shared_->changed.notify_all();
  if (shared_->fd >= 0) shared_->signal_fd();
}

}  // namespace pje
