#include "pjrt_easy/copy_stream.h"

#include "capi/guard.hpp"
#include "core/copy_stream.hpp"

using pje::Chunk;
using pje::CopyStream;
using pje::Event;
using pje::Ref;
using pje::Status;
using pje::capi::answered;
using pje::capi::guarded;
using pje::capi::Where;

extern "C" {

PJE_RETAIN_RELEASE(CopyStream, pje_copy_stream)

size_t pje_copy_stream_total_bytes(const pje_copy_stream *stream) noexcept {
  return answered<CopyStream>("pje_copy_stream_total_bytes", "stream", stream, size_t{0},
                              [](CopyStream &s) { return s.total_bytes(); });
}

size_t pje_copy_stream_granule_bytes(const pje_copy_stream *stream) noexcept {
  return answered<CopyStream>("pje_copy_stream_granule_bytes", "stream", stream, size_t{0},
                              [](CopyStream &s) { return s.granule_bytes(); });
}

pje_error *pje_copy_stream_current_bytes(pje_copy_stream *stream, size_t *out) noexcept {
  constexpr const char *function = "pje_copy_stream_current_bytes";
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(CopyStream, target, stream);
    PJE_ASSIGN(*out, target.current_bytes());
    return {};
  });
}

pje_error *pje_copy_stream_add_chunk(pje_copy_stream *stream, pje_chunk *chunk) noexcept {
  constexpr const char *function = "pje_copy_stream_add_chunk";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(CopyStream, target, stream);
    PJE_HANDLE(Chunk, given, chunk);
    PJE_ASSIGN(Ref<Event> event, target.add_chunk(given));
    return event->wait();
  });
}

pje_error *pje_copy_stream_add_chunk_async(pje_copy_stream *stream, pje_chunk *chunk,
                                           pje_event **done) noexcept {
  constexpr const char *function = "pje_copy_stream_add_chunk_async";
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    if (done != nullptr) *done = nullptr;
    PJE_HANDLE(CopyStream, target, stream);
    PJE_HANDLE(Chunk, given, chunk);
    PJE_ASSIGN(Ref<Event> event, target.add_chunk(given));
    if (done != nullptr) *done = std::move(event).to_public();
    return {};
  });
}

}  // extern "C"
