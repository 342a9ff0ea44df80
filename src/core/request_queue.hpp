// Request queues: callbacks that must answer, taken by the program on a thread of its own.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/one_shot.hpp"
#include "base/process.hpp"
#include "core/doorbell.hpp"
#include "core/named_values.hpp"

namespace pje {

// What a callback asks for. Whoever makes one gives away all that it names: it may be read long after the
// asker has given up.
struct Request {
  // pje_request_kind, or from PJE_REQUEST_USER on the program's own.
  int32_t kind = 0;
  Ref<NamedValues> values;
  // `owner` keeps the data.
  std::shared_ptr<const void> owner;
  const void *data = nullptr;
  size_t size = 0;
  // What the answer is to be given through, such as a copy stream; for accessors of that kind of request.
  Ref<Object> object;
};

struct Answer {
  Status status;
  std::string data;
};

// The end of a queue that callbacks hold. It outlives the handle, whose release closes it.
class RequestChannel {
 public:
  static constexpr int64_t kNoTimeout = -1;

  // Queues the request and blocks until it is answered. DEADLINE_EXCEEDED when nobody did in time, CANCELLED
  // when the queue is closed. For threads of plugins, inside their callbacks.
  Answer ask(Request request, int64_t timeout_ns) noexcept;
  // Queues a request that nobody waits for; false when the queue is closed or `limit` of all have no answer
  // yet.
  bool post(Request request, size_t limit);

 private:
  friend class RequestQueue;
  enum class State { kQueued, kTaken, kOver };
  struct Entry {
    uint64_t id = 0;
    Request request;
    std::optional<OneShot::Deadline> deadline;
    State state = State::kQueued;
    Answer answer;
    OneShot over;
  };
  using Shared = std::shared_ptr<Entry>;

  Answer ask_or_throw(Request request, int64_t timeout_ns);
  // Leaves the lock.
  void enqueue(Lock &lock, const Shared &entry);
  // With the lock held.
  void settle(Entry &entry, Answer answer) noexcept;
  void forget(const Entry &entry) noexcept;

  Doorbell bell_;
  std::deque<Shared> queued_;
  // Those queued, and those taken until they are answered, although nobody may wait for that any more.
  std::unordered_map<uint64_t, Shared> open_;
  uint64_t last_id_ = 0;
};

class RequestQueue final : public Object {
 public:
  using Handle = pje_request_queue;
  static constexpr ObjectType kType = ObjectType::kRequestQueue;

  static Result<Ref<RequestQueue>> create();

  RequestQueue();
  ~RequestQueue() override;
  void on_released_in_use() noexcept override { close(); }

  // For those who ask.
  const std::shared_ptr<RequestChannel> &channel() const noexcept { return channel_; }

  // Requests that have no answer yet.
  size_t num_open() const noexcept;
  Status next(int64_t timeout_ns, size_t capacity, uint64_t *ids, size_t *count);
  Status answer(uint64_t id, Answer answer);
  // What a request that was taken and not yet answered asks for; NULL for any other id.
  const Request *request(uint64_t id) const noexcept;
  // Nanoseconds until its asker gives up; 0 when it has, negative when it never will.
  int64_t time_left(uint64_t id) const noexcept;
  Status on_request(pje_callback callback, void *user_data);
  int fd() const noexcept { return channel_->bell_.fd(); }
  Status wake();
  void close() noexcept;
  Status check_process() const noexcept;

 private:
  std::shared_ptr<RequestChannel> channel_;
  MadeIn made_in_;
};

}  // namespace pje
