#include "pjrt_easy/dtype.h"

#include "base/dtype.hpp"

using pje::dtype_info;

extern "C" {

size_t pje_dtype_host_size(pje_dtype dtype) noexcept {
  const pje::DtypeInfo *info = dtype_info(dtype);
  return info == nullptr ? 0 : info->host_size;
}

size_t pje_dtype_bits(pje_dtype dtype) noexcept {
  const pje::DtypeInfo *info = dtype_info(dtype);
  return info == nullptr ? 0 : info->bits;
}

size_t pje_dtype_alignment(pje_dtype dtype) noexcept {
  const pje::DtypeInfo *info = dtype_info(dtype);
  return info == nullptr ? 1 : info->alignment;
}

pje_dtype_kind pje_dtype_kind_of(pje_dtype dtype) noexcept {
  const pje::DtypeInfo *info = dtype_info(dtype);
  return info == nullptr ? PJE_KIND_INVALID : info->kind;
}

const char *pje_dtype_name(pje_dtype dtype) noexcept {
  const pje::DtypeInfo *info = dtype_info(dtype);
  return info == nullptr ? "invalid" : info->name;
}

bool pje_dtype_from_name(const char *name, pje_dtype *out) noexcept {
  if (out == nullptr) return false;
  *out = name == nullptr ? PJE_DTYPE_INVALID : pje::dtype_from_name(name);
  return *out != PJE_DTYPE_INVALID;
}

}  // extern "C"
