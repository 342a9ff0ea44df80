// Streams that feed a receive operation of a running program.
#pragma once

#include <atomic>

#include "core/chunk.hpp"
#include "core/event.hpp"

namespace pje {

class CopyStream final : public Object {
 public:
  using Handle = pje_copy_stream;
  static constexpr ObjectType kType = ObjectType::kCopyStream;

  // Takes the plugin's stream over, also when this fails.
  static Result<Ref<CopyStream>> adopt(Client &client, PJRT_CopyToDeviceStream *raw);

  CopyStream(Client &client, PJRT_CopyToDeviceStream *raw) noexcept;
  ~CopyStream() override;
  const Object *owner() const noexcept override { return hold_.get(); }
  void on_client_close() noexcept override;

  PJRT_CopyToDeviceStream *raw() const noexcept { return raw_.load(); }
  size_t total_bytes() const noexcept { return total_; }
  size_t granule_bytes() const noexcept { return granule_; }
  Result<size_t> current_bytes();
  // The chunk belongs to the plugin until it gives it back; when this fails, that has happened.
  Result<Ref<Event>> add_chunk(Chunk &chunk);
  // Ends the stream at once, whoever still holds it: what is missing is an error of the run.
  void close() noexcept;

 private:
  // Counts those who are in a call of the plugin: the last one out of a closed stream destroys it.
  class Use;
  static constexpr uint32_t kClosed = uint32_t{1} << 31;

  Status read();
  Status reserve(size_t size);
  bool enter() noexcept;
  void leave() noexcept;

  ClientHold hold_;
  const abi::Api *api_;
  std::atomic<PJRT_CopyToDeviceStream *> raw_;
  std::atomic<uint32_t> users_{0};
  size_t total_ = 0;
  size_t granule_ = 1;
  std::atomic<size_t> given_{0};
};

}  // namespace pje
