#include "pjrt_easy/bytes.h"

#include "capi/guard.hpp"
#include "core/bytes.hpp"

using pje::Bytes;
using pje::capi::answered;

extern "C" {

PJE_RETAIN_RELEASE(Bytes, pje_bytes)

const void *pje_bytes_data(const pje_bytes *bytes) noexcept {
  return answered<Bytes>("pje_bytes_data", "bytes", bytes, static_cast<const void *>(nullptr),
                         [](Bytes &b) { return static_cast<const void *>(b.data().c_str()); });
}

size_t pje_bytes_size(const pje_bytes *bytes) noexcept {
  return answered<Bytes>("pje_bytes_size", "bytes", bytes, size_t{0},
                         [](Bytes &b) { return b.data().size(); });
}

}  // extern "C"
