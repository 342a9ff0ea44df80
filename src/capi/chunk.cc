#include "pjrt_easy/chunk.h"

#include "capi/guard.hpp"
#include "core/chunk.hpp"

using pje::Chunk;
using pje::Ref;
using pje::Status;
using pje::capi::answered;
using pje::capi::guarded;
using pje::capi::Where;

extern "C" {

PJE_RETAIN_RELEASE(Chunk, pje_chunk)

pje_error *pje_chunk_create(void *data, size_t size, pje_callback release, void *user_data,
                            pje_chunk **out) noexcept {
  return guarded<Where::kAnywhere>("pje_chunk_create", [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(Ref<Chunk> chunk, Chunk::wrap(data, size, release, user_data));
    *out = std::move(chunk).to_public();
    return {};
  });
}

pje_error *pje_chunk_copy(const void *data, size_t size, pje_chunk **out) noexcept {
  return guarded<Where::kAnywhere>("pje_chunk_copy", [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(Ref<Chunk> chunk, Chunk::copy(data, size));
    *out = std::move(chunk).to_public();
    return {};
  });
}

const void *pje_chunk_data(const pje_chunk *chunk) noexcept {
  return answered<Chunk>("pje_chunk_data", "chunk", chunk, static_cast<const void *>(nullptr),
                         [](Chunk &c) { return static_cast<const void *>(c.data()); });
}

size_t pje_chunk_size(const pje_chunk *chunk) noexcept {
  return answered<Chunk>("pje_chunk_size", "chunk", chunk, size_t{0}, [](Chunk &c) { return c.size(); });
}

}  // extern "C"
