#include "core/request_queue.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace pje {

namespace {

Status closed() { return failure(PJE_CANCELLED, "the request queue is closed: nobody will answer"); }

}  // namespace

Answer RequestChannel::ask(Request request, int64_t timeout_ns) noexcept {
  try {
    return ask_or_throw(std::move(request), timeout_ns);
  } catch (...) {
    return {current_exception_status(), {}};
  }
}

Answer RequestChannel::ask_or_throw(Request request, int64_t timeout_ns) {
  auto entry = std::make_shared<Entry>();
  entry->request = std::move(request);
  if (timeout_ns >= 0) {
    auto now = std::chrono::steady_clock::now();
    auto longest = OneShot::Deadline::max() - now;
    entry->deadline =
        now + std::min<OneShot::Deadline::duration>(std::chrono::nanoseconds(timeout_ns), longest);
  }
  {
    Lock lock = bell_.lock();
    if (bell_.closed()) return {closed(), {}};
    enqueue(lock, entry);
  }
  if (entry->over.wait(entry->deadline ? &*entry->deadline : nullptr)) return std::move(entry->answer);
  Lock lock = bell_.lock();
  if (entry->state == State::kOver) return std::move(entry->answer);
  if (entry->state == State::kQueued) forget(*entry);
  entry->state = State::kOver;
  return {failure(PJE_DEADLINE_EXCEEDED, "nobody answered the request in time"), {}};
}

bool RequestChannel::post(Request request, size_t limit) {
  auto entry = std::make_shared<Entry>();
  entry->request = std::move(request);
  Lock lock = bell_.lock();
  if (bell_.closed() || open_.size() >= limit) return false;
  enqueue(lock, entry);
  return true;
}

void RequestChannel::enqueue(Lock &lock, const Shared &entry) {
  entry->id = ++last_id_;
  open_.emplace(entry->id, entry);
  bool was_empty = queued_.empty();
  try {
    queued_.push_back(entry);
  } catch (...) {
    open_.erase(entry->id);
    throw;
  }
  bell_.ring(lock, was_empty);
}

void RequestChannel::settle(Entry &entry, Answer answer) noexcept {
  entry.state = State::kOver;
  entry.answer = std::move(answer);
  entry.over.signal();
}

void RequestChannel::forget(const Entry &entry) noexcept {
  auto found =
      std::find_if(queued_.begin(), queued_.end(), [&](const Shared &each) { return each.get() == &entry; });
  if (found != queued_.end()) queued_.erase(found);
  if (queued_.empty()) bell_.quiet();
  open_.erase(entry.id);
}

RequestQueue::RequestQueue() : channel_(std::make_shared<RequestChannel>()) {}

RequestQueue::~RequestQueue() { close(); }

Status RequestQueue::check_process() const noexcept {
  if (made_in_.this_process()) [[likely]]
    return {};
  return failure(PJE_FAILED_PRECONDITION,
                 "the queue was made before fork, in the parent process: only release it here");
}

Result<Ref<RequestQueue>> RequestQueue::create() {
  Ref<RequestQueue> queue = make<RequestQueue>();
  PJE_TRY(queue->channel_->bell_.open());
  return queue;
}

Status RequestQueue::next(int64_t timeout_ns, size_t capacity, uint64_t *ids, size_t *count) {
  PJE_TRY(check_process());
  Lock lock = channel_->bell_.lock();
  auto &queued = channel_->queued_;
  channel_->bell_.wait(lock, timeout_ns, [&] { return !queued.empty(); });
  if (queued.empty() && channel_->bell_.closed())
    return failure(PJE_FAILED_PRECONDITION, "the queue is closed and empty");
  size_t taken = 0;
  for (; taken < capacity && !queued.empty(); ++taken) {
    RequestChannel::Entry &entry = *queued.front();
    entry.state = RequestChannel::State::kTaken;
    ids[taken] = entry.id;
    queued.pop_front();
  }
  if (queued.empty()) channel_->bell_.quiet();
  *count = taken;
  return {};
}

Status RequestQueue::answer(uint64_t id, Answer answer) {
  PJE_TRY(check_process());
  RequestChannel::Shared entry;
  Lock lock = channel_->bell_.lock();
  auto found = channel_->open_.find(id);
  if (found == channel_->open_.end() || found->second->state == RequestChannel::State::kQueued)
    return failure(PJE_NOT_FOUND,
                   concat("argument \"id\" is ", id, ": no request taken and not yet answered"));
  // What it names goes away with the last of them, and not under the lock.
  entry = std::move(found->second);
  channel_->open_.erase(found);
  bool late = entry->state == RequestChannel::State::kOver;
  if (!late) channel_->settle(*entry, std::move(answer));
  lock.unlock();
  if (late)
    return failure(PJE_FAILED_PRECONDITION, "too late: the asker does not wait for the answer any more");
  return {};
}

const Request *RequestQueue::request(uint64_t id) const noexcept {
  if (!made_in_.this_process()) return nullptr;
  Lock lock = channel_->bell_.lock();
  auto found = channel_->open_.find(id);
  bool taken = found != channel_->open_.end() && found->second->state != RequestChannel::State::kQueued;
  return taken ? &found->second->request : nullptr;
}

size_t RequestQueue::num_open() const noexcept {
  if (!made_in_.this_process()) return 0;
  Lock lock = channel_->bell_.lock();
  return channel_->open_.size();
}

int64_t RequestQueue::time_left(uint64_t id) const noexcept {
  if (!made_in_.this_process()) return 0;
  Lock lock = channel_->bell_.lock();
  auto found = channel_->open_.find(id);
  if (found == channel_->open_.end() || found->second->state == RequestChannel::State::kOver) return 0;
  if (!found->second->deadline) return RequestChannel::kNoTimeout;
  auto left = *found->second->deadline - std::chrono::steady_clock::now();
  return std::max<int64_t>(std::chrono::nanoseconds(left).count(), 0);
}

Status RequestQueue::on_request(pje_callback callback, void *user_data) {
  PJE_TRY(check_process());
  Lock lock = channel_->bell_.lock();
  channel_->bell_.set_callback(lock, callback, user_data, [&] { return !channel_->queued_.empty(); });
  return {};
}

Status RequestQueue::wake() {
  PJE_TRY(check_process());
  Lock lock = channel_->bell_.lock();
  channel_->bell_.wake();
  return {};
}

void RequestQueue::close() noexcept {
  if (!made_in_.this_process()) return;
  std::deque<RequestChannel::Shared> dropped;
  Lock lock = channel_->bell_.lock();
  channel_->bell_.close();
  dropped.swap(channel_->queued_);
  // What was taken stays readable until it is answered.
  for (auto &[id, entry] : channel_->open_)
    if (entry->state != RequestChannel::State::kOver) channel_->settle(*entry, {closed(), {}});
  for (const RequestChannel::Shared &entry : dropped) channel_->open_.erase(entry->id);
  lock.unlock();
}

}  // namespace pje
