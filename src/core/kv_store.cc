#include "core/kv_store.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>

#include "base/mutex.hpp"
#include "base/text.hpp"
#include "base/thread_context.hpp"
#include "core/bytes.hpp"
#include "core/callback_answer.hpp"
#include "core/request_kinds.hpp"

namespace pje {

namespace {

using Clock = std::chrono::steady_clock;

class MemoryBackend final : public KvBackend {
 public:
  Result<std::string> get(std::string_view key, int64_t timeout_ns) override {
    Lock lock(mutex_);
    auto is_there = [&] { return values_.find(key) != values_.end(); };
    if (timeout_ns < 0) {
      added_.wait(lock, is_there);
    } else {
      Clock::time_point now = Clock::now();
      auto longest = Clock::time_point::max() - now;
      auto timeout = std::min<Clock::duration>(std::chrono::nanoseconds(timeout_ns), longest);
      if (!added_.wait_until(lock, now + timeout, is_there))
        return failure(PJE_DEADLINE_EXCEEDED, concat("nobody has put \"", utf8_from(key.data(), key.size()),
                                                     "\" within ", timeout_ns / 1'000'000, " ms"));
    }
    return values_.find(key)->second;
  }
  Result<std::string> try_get(std::string_view key) override {
    Lock lock(mutex_);
    auto found = values_.find(key);
    if (found != values_.end()) return found->second;
    return failure(PJE_NOT_FOUND, concat("there is no \"", utf8_from(key.data(), key.size()), "\""));
  }
  Status put(std::string_view key, std::string_view value) override {
    Lock lock(mutex_);
    values_.insert_or_assign(std::string(key), std::string(value));
    added_.notify_all();
    return {};
  }

 private:
  Mutex mutex_;
  Condition added_;
  std::map<std::string, std::string, std::less<>> values_;
};

class CallbackBackend final : public KvBackend {
 public:
  explicit CallbackBackend(const KvCallbacks &callbacks) noexcept : callbacks_(callbacks) {}
  ~CallbackBackend() override {
    if (callbacks_.release == nullptr) return;
    CallbackScope scope;
    callbacks_.release(callbacks_.user_data);
  }
  Result<std::string> get(std::string_view key, int64_t timeout_ns) override {
    CallbackScope scope;
    pje_bytes *value = nullptr;
    Status status =
        take_answer(callbacks_.get(callbacks_.user_data, key.data(), key.size(), timeout_ns, &value),
                    "pje_kv_get_callback");
    return take_value(std::move(status), value);
  }
  Result<std::string> try_get(std::string_view key) override {
    if (callbacks_.try_get == nullptr) return failure(PJE_UNIMPLEMENTED, "the store has no try_get callback");
    CallbackScope scope;
    pje_bytes *value = nullptr;
    Status status = take_answer(callbacks_.try_get(callbacks_.user_data, key.data(), key.size(), &value),
                                "pje_kv_try_get_callback");
    return take_value(std::move(status), value);
  }
  Status put(std::string_view key, std::string_view value) override {
    CallbackScope scope;
    return take_answer(
        callbacks_.put(callbacks_.user_data, key.data(), key.size(), value.data(), value.size()),
        "pje_kv_put_callback");
  }
  bool has_try_get() const noexcept override { return callbacks_.try_get != nullptr; }

 private:
  // The callback gives its reference away, also beside an error.
  static Result<std::string> take_value(Status status, pje_bytes *value) {
    Ref<Bytes> kept = take_back<Bytes>(value);
    PJE_TRY(std::move(status));
    if (!kept) return failure(PJE_INTERNAL, "the callback of the key-value store answered without a value");
    return kept->data();
  }

  KvCallbacks callbacks_;
};

class QueueBackend final : public KvBackend {
 public:
  explicit QueueBackend(std::shared_ptr<RequestChannel> channel) noexcept : channel_(std::move(channel)) {}
  Result<std::string> get(std::string_view key, int64_t timeout_ns) override {
    return ask(kRequestKvGet, key, {}, timeout_ns);
  }
  Result<std::string> try_get(std::string_view key) override {
    return ask(kRequestKvTryGet, key, {}, RequestChannel::kNoTimeout);
  }
  Status put(std::string_view key, std::string_view value) override {
    PJE_ASSIGN(std::string unused, ask(kRequestKvPut, key, value, RequestChannel::kNoTimeout));
    (void)unused;
    return {};
  }
  bool answered_by_program() const noexcept override { return true; }

 private:
  Result<std::string> ask(int32_t kind, std::string_view key, std::string_view value, int64_t timeout_ns) {
    Request request;
    request.kind = kind;
    request.values = make<NamedValues>();
    PJE_TRY(request.values->set("key", std::string(key)));
    request.values->lock();
    auto data = std::make_shared<const std::string>(value);
    request.data = data->data();
    request.size = data->size();
    request.owner = std::move(data);
    Answer answer = channel_->ask(std::move(request), timeout_ns);
    PJE_TRY(std::move(answer.status));
    return std::move(answer.data);
  }

  std::shared_ptr<RequestChannel> channel_;
};

// What the plugin asks of a store, on whatever thread; `body` answers a Status.
template <class Body>
PJRT_Error *answer_plugin(PJRT_CallbackError *make_error, Body &&body) noexcept {
  CallbackScope scope;
  Status status;
  try {
    status = body();
  } catch (...) {
    status = out_of_memory();
  }
  return to_plugin(status, make_error);
}

// The plugin gives a value back through its pointer alone.
void free_value(char *value) { std::free(value); }

template <class Args>
Status give_value(const std::string &value, Args *args) {
  auto *copy = static_cast<char *>(std::malloc(value.size() + 1));
  if (copy == nullptr) return out_of_memory();
  std::copy(value.begin(), value.end(), copy);
  copy[value.size()] = '\0';
  args->value = copy;
  args->value_size = value.size();
  args->value_deleter_callback = free_value;
  return {};
}

KvBackend &backend_of(void *user_arg) noexcept { return static_cast<const KvStore *>(user_arg)->backend(); }

PJRT_Error *on_get(PJRT_KeyValueGetCallback_Args *args) noexcept {
  return answer_plugin(args->callback_error, [&]() -> Status {
    constexpr int64_t kPerMillisecond = 1'000'000;
    int64_t timeout_ns = args->timeout_in_ms < 0 ? -1 : args->timeout_in_ms * kPerMillisecond;
    PJE_ASSIGN(std::string value, backend_of(args->user_arg).get({args->key, args->key_size}, timeout_ns));
    return give_value(value, args);
  });
}

PJRT_Error *on_try_get(PJRT_KeyValueTryGetCallback_Args *args) noexcept {
  return answer_plugin(args->callback_error, [&]() -> Status {
    PJE_ASSIGN(std::string value, backend_of(args->user_arg).try_get({args->key, args->key_size}));
    return give_value(value, args);
  });
}

PJRT_Error *on_put(PJRT_KeyValuePutCallback_Args *args) noexcept {
  return answer_plugin(args->callback_error, [&]() -> Status {
    return backend_of(args->user_arg).put({args->key, args->key_size}, {args->value, args->value_size});
  });
}

}  // namespace

Ref<KvStore> KvStore::in_memory() { return make<KvStore>(std::make_unique<MemoryBackend>()); }

Ref<KvStore> KvStore::of_callbacks(const KvCallbacks &callbacks) {
  KvCallbacks without_release = callbacks;
  without_release.release = nullptr;
  // Nothing can fail once the backend would run the release.
  Ref<KvStore> store = make<KvStore>(std::make_unique<CallbackBackend>(without_release));
  store->backend_ = std::make_unique<CallbackBackend>(callbacks);
  return store;
}

Ref<KvStore> KvStore::of_queue(const RequestQueue &queue) {
  return make<KvStore>(std::make_unique<QueueBackend>(queue.channel()));
}

void KvStore::fill(PJRT_Client_Create_Args &args) const noexcept {
  auto *self = const_cast<KvStore *>(this);
  args.kv_get_callback = on_get;
  args.kv_get_user_arg = self;
  args.kv_put_callback = on_put;
  args.kv_put_user_arg = self;
  if (!backend_->has_try_get()) return;
  args.kv_try_get_callback = on_try_get;
  args.kv_try_get_user_arg = self;
}

}  // namespace pje
