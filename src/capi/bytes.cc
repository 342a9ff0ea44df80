#include "pjrt_easy/bytes.h"

#include "capi/guard.hpp"
#include "core/bytes.hpp"

using pje::Bytes;
using pje::capi::answered;

extern "C" {

PJE_RETAIN_RELEASE(Bytes, pje_bytes)

pje_error *pje_bytes_create(const void *data, size_t size, pje_bytes **out) noexcept {
  return pje::capi::guarded<pje::capi::Where::kAnywhere>("pje_bytes_create", [&]() -> pje::Status {
    PJE_OUT(out);
    if (data == nullptr && size > 0) return pje::invalid_argument("argument \"data\" is NULL");
    std::string copy;
    if (size > 0) copy.assign(static_cast<const char *>(data), size);
    *out = pje::make<Bytes>(std::move(copy)).to_public();
    return {};
  });
}

const void *pje_bytes_data(const pje_bytes *bytes) noexcept {
  return answered<Bytes>("pje_bytes_data", "bytes", bytes, static_cast<const void *>(nullptr),
                         [](Bytes &b) { return static_cast<const void *>(b.data().c_str()); });
}

size_t pje_bytes_size(const pje_bytes *bytes) noexcept {
  return answered<Bytes>("pje_bytes_size", "bytes", bytes, size_t{0},
                         [](Bytes &b) { return b.data().size(); });
}

}  // extern "C"
