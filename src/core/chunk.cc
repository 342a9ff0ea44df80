#include "core/chunk.hpp"

#include <cstdlib>
#include <cstring>

#include "base/text.hpp"
#include "base/thread_context.hpp"

namespace pje {

namespace {

Status check_data(const void *data, size_t size) {
  if (data == nullptr && size > 0)
    return invalid_argument(concat("argument \"data\" is NULL, but \"size\" is ", size));
  return {};
}

void give_back(void *, void *lease) {
  if (lease != nullptr) (void)release_handle(lease, ObjectType::kChunkLease);
}

}  // namespace

Result<Ref<Chunk>> Chunk::wrap(void *data, size_t size, pje_callback release, void *user_data) {
  PJE_TRY(check_data(data, size));
  Ref<Chunk> chunk = make<Chunk>();
  chunk->data_ = data;
  chunk->size_ = size;
  chunk->release_ = release;
  chunk->release_data_ = user_data;
  return chunk;
}

Result<Ref<Chunk>> Chunk::copy(const void *data, size_t size) {
  PJE_TRY(check_data(data, size));
  Ref<Chunk> chunk = make<Chunk>();
  chunk->allocation_ = std::malloc(size > 0 ? size : 1);
  if (chunk->allocation_ == nullptr)
    return failure(PJE_RESOURCE_EXHAUSTED, concat("no memory for a chunk of ", size, " bytes"));
  if (size > 0) std::memcpy(chunk->allocation_, data, size);
  chunk->data_ = chunk->allocation_;
  chunk->size_ = size;
  return chunk;
}

Ref<Chunk> Chunk::adopt(const PJRT_Chunk &raw) {
  Ref<Chunk> chunk;
  try {
    chunk = make<Chunk>();
  } catch (...) {
    if (raw.deleter != nullptr) raw.deleter(raw.data, raw.deleter_arg);
    throw;
  }
  chunk->data_ = raw.data;
  chunk->size_ = raw.size;
  chunk->deleter_ = raw.deleter;
  chunk->deleter_arg_ = raw.deleter_arg;
  return chunk;
}

Chunk::~Chunk() {
  std::free(allocation_);
  CallbackScope scope;
  if (release_ != nullptr) release_(release_data_);
  if (deleter_ != nullptr) deleter_(data_, deleter_arg_);
}

PJRT_Chunk ChunkLease::begin(Ref<Chunk> chunk) {
  auto raw = abi::zeroed<PJRT_Chunk>();
  raw.data = chunk->data();
  raw.size = chunk->size();
  raw.deleter = give_back;
  raw.deleter_arg = make<ChunkLease>(std::move(chunk)).to_public();
  return raw;
}

void ChunkLease::end(const PJRT_Chunk &raw) noexcept {
  (void)release_handle(raw.deleter_arg, ObjectType::kChunkLease);
}

}  // namespace pje
