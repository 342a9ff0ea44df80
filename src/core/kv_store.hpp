// Key-value stores, through which the clients of a multi-process program find each other.
#pragma once

#include <memory>
#include <string>

#include "abi/pjrt_abi.h"
#include "core/request_queue.hpp"

namespace pje {

// Where the values are. Called from several threads at once, also inside callbacks.
class KvBackend {
 public:
  KvBackend() = default;
  KvBackend(const KvBackend &) = delete;
  KvBackend &operator=(const KvBackend &) = delete;
  virtual ~KvBackend() = default;
  // Waits until the key has a value (negative: no limit); DEADLINE_EXCEEDED.
  virtual Result<std::string> get(std::string_view key, int64_t timeout_ns) = 0;
  // NOT_FOUND at once.
  virtual Result<std::string> try_get(std::string_view key) = 0;
  virtual Status put(std::string_view key, std::string_view value) = 0;
  virtual bool has_try_get() const noexcept { return true; }
  // Whether a thread of the program answers, which may be any of them.
  virtual bool answered_by_program() const noexcept { return false; }
};

struct KvCallbacks {
  pje_kv_get_callback get = nullptr;
  pje_kv_try_get_callback try_get = nullptr;
  pje_kv_put_callback put = nullptr;
  pje_callback release = nullptr;
  void *user_data = nullptr;
};

class KvStore final : public Object {
 public:
  using Handle = pje_kv_store;
  static constexpr ObjectType kType = ObjectType::kKvStore;

  static Ref<KvStore> in_memory();
  static Ref<KvStore> of_callbacks(const KvCallbacks &callbacks);
  static Ref<KvStore> of_queue(const RequestQueue &queue);

  explicit KvStore(std::unique_ptr<KvBackend> backend) noexcept : backend_(std::move(backend)) {}

  KvBackend &backend() const noexcept { return *backend_; }
  // The store must live as long as the client that is made.
  void fill(PJRT_Client_Create_Args &args) const noexcept;

 private:
  std::unique_ptr<KvBackend> backend_;
};

}  // namespace pje
