// What a plugin was promised and waits for: the buffer behind an alias, a place to copy to, the end of a
// dependency. Given exactly once, at the latest when the last reference goes.
#pragma once

#include <atomic>
#include <variant>

#include "core/buffer.hpp"

namespace pje {

class Fulfilment final : public Object {
 public:
  using Handle = pje_fulfilment;
  static constexpr ObjectType kType = ObjectType::kFulfilment;

  struct Alias {
    PJRT_FulfillAliasBufferCallback *raw;
    const ArrayType *type;
  };
  struct Destination {
    void *data;
    void (*ready)(PJRT_Buffer_CopyRawToHostFuture_Callback_Args *);
    size_t size;
  };
  struct Dependency {
    void *data;
    void (*ready)(PJRT_Buffer_DonateWithControlDependency_Callback_Args *);
  };
  using Promise = std::variant<std::monostate, Alias, Destination, Dependency>;

  // promise() fills it in, so that nothing can fail after the plugin was promised something.
  Fulfilment() noexcept = default;
  ~Fulfilment() override;
  void promise(Client &client, Promise promise) noexcept;

  Status set_buffer(const Buffer &buffer);
  Status set_data(void *data, size_t size);
  Status set_done();
  Status set_error(const Error &error);

  // What was promised, in words.
  const char *of() const noexcept;
  bool is_kept() const noexcept { return kept_.load(); }

  const Object *owner() const noexcept override { return hold_.get(); }
  void on_client_close() noexcept override;

 private:
  // Whether this is the one call that keeps the promise.
  Status begin();
  Status fail_with(pje_code code, const std::string &message) noexcept;
  void give_up() noexcept;

  ClientHold hold_;
  const abi::Api *api_ = nullptr;
  PJRT_Client *client_ = nullptr;
  Promise promise_;
  std::atomic<bool> kept_{true};
};

}  // namespace pje
