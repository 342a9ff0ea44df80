#include "pjrt_easy/array.h"

#include "capi/guard.hpp"
#include "core/array.hpp"
#include "io/npy.hpp"

using pje::Array;
using pje::ArrayType;
using pje::Ref;
using pje::Status;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;

extern "C" {

PJE_RETAIN_RELEASE(Array, pje_array)

pje_error *pje_array_create(pje_dtype dtype, const int64_t *dims, size_t rank, pje_array **out) noexcept {
  return guarded("pje_array_create", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(const ArrayType *type, pje::intern_array_type(dtype, dims, rank));
    PJE_ASSIGN(Ref<Array> array, Array::create(type));
    *out = std::move(array).to_public();
    return {};
  });
}

pje_error *pje_array_wrap(void *data, size_t size, pje_dtype dtype, const int64_t *dims, size_t rank,
                          pje_callback release, void *user_data, pje_array **out) noexcept {
  return guarded("pje_array_wrap", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(const ArrayType *type, pje::intern_array_type(dtype, dims, rank));
    PJE_ASSIGN(Ref<Array> array, Array::wrap(data, size, type, release, user_data));
    *out = std::move(array).to_public();
    return {};
  });
}

void *pje_array_data(pje_array *array) noexcept {
  return answered<Array>("pje_array_data", "array", array, static_cast<void *>(nullptr),
                         [](Array &a) { return a.data(); });
}

const void *pje_array_const_data(const pje_array *array) noexcept {
  return answered<Array>("pje_array_const_data", "array", array, static_cast<const void *>(nullptr),
                         [](Array &a) { return static_cast<const void *>(a.data()); });
}

size_t pje_array_size(const pje_array *array) noexcept {
  return answered<Array>("pje_array_size", "array", array, size_t{0}, [](Array &a) { return a.size(); });
}

pje_dtype pje_array_dtype(const pje_array *array) noexcept {
  return answered<Array>("pje_array_dtype", "array", array, PJE_DTYPE_INVALID,
                         [](Array &a) { return a.type()->dtype; });
}

size_t pje_array_rank(const pje_array *array) noexcept {
  return answered<Array>("pje_array_rank", "array", array, size_t{0},
                         [](Array &a) { return size_t{a.type()->rank}; });
}

const int64_t *pje_array_dims(const pje_array *array) noexcept {
  return answered<Array>("pje_array_dims", "array", array, static_cast<const int64_t *>(nullptr),
                         [](Array &a) { return a.type()->dims; });
}

pje_error *pje_array_reinterpret(pje_array *array, pje_dtype dtype, pje_array **out) noexcept {
  constexpr const char *function = "pje_array_reinterpret";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Array, source, array);
    PJE_ASSIGN(Ref<Array> other, source.reinterpret(dtype));
    *out = std::move(other).to_public();
    return {};
  });
}

pje_error *pje_array_load_npy(const char *path, pje_array **out) noexcept {
  return guarded("pje_array_load_npy", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_NOT_NULL(path);
    PJE_ASSIGN(Ref<Array> array, pje::load_npy(path));
    *out = std::move(array).to_public();
    return {};
  });
}

pje_error *pje_array_save_npy(const pje_array *array, const char *path) noexcept {
  constexpr const char *function = "pje_array_save_npy";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Array, source, array);
    PJE_NOT_NULL(path);
    return pje::save_npy(source, path);
  });
}

}  // extern "C"
