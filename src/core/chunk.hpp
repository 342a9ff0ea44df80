// Chunks: pieces of data on their way between host and device.
#pragma once

#include <span>

#include "abi/call.hpp"
#include "base/object.hpp"
#include "base/status.hpp"

namespace pje {

class Chunk final : public Object {
 public:
  using Handle = pje_chunk;
  static constexpr ObjectType kType = ObjectType::kChunk;

  // Memory of the caller, given back through `release` (may be NULL). When this fails `release` never runs.
  static Result<Ref<Chunk>> wrap(void *data, size_t size, pje_callback release, void *user_data);
  static Result<Ref<Chunk>> copy(const void *data, size_t size);
  // What a plugin hands over; its deleter runs when nobody holds the chunk any more, and also when this
  // throws.
  static Ref<Chunk> adopt(const PJRT_Chunk &raw);

  Chunk() = default;
  ~Chunk() override;

  void *data() const noexcept { return data_; }
  size_t size() const noexcept { return size_; }

 private:
  void *data_ = nullptr;
  size_t size_ = 0;
  void *allocation_ = nullptr;
  pje_callback release_ = nullptr;
  void *release_data_ = nullptr;
  void (*deleter_)(void *, void *) = nullptr;
  void *deleter_arg_ = nullptr;
};

// A chunk in the hands of a plugin, which gives it back by a deleter. A plugin may call that though it
// refused the chunk, or not; either way the chunk is let go of once.
class ChunkLease final : public Object {
 public:
  using Handle = void;
  static constexpr ObjectType kType = ObjectType::kChunkLease;

  explicit ChunkLease(Ref<Chunk> chunk) noexcept : chunk_(std::move(chunk)) {}

  // What goes to the plugin. The lease ends with end(), here or there.
  static PJRT_Chunk begin(Ref<Chunk> chunk);
  static void end(const PJRT_Chunk &raw) noexcept;

 private:
  Ref<Chunk> chunk_;
};

}  // namespace pje
