#include "pjrt_easy/kv_store.h"

#include "capi/guard.hpp"
#include "core/bytes.hpp"
#include "core/kv_store.hpp"
#include "core/request_kinds.hpp"
#include "pjrt_easy/request_queue.h"

using pje::Bytes;
using pje::KvStore;
using pje::RequestQueue;
using pje::Status;
using pje::capi::clearing;
using pje::capi::guarded;

static_assert(pje::kRequestKvGet == PJE_REQUEST_KV_GET);
static_assert(pje::kRequestKvTryGet == PJE_REQUEST_KV_TRY_GET);
static_assert(pje::kRequestKvPut == PJE_REQUEST_KV_PUT);
static_assert(pje::kRequestSend == PJE_REQUEST_SEND);
static_assert(pje::kRequestReceive == PJE_REQUEST_RECV);
static_assert(pje::kRequestOutput == PJE_REQUEST_OUTPUT);
static_assert(pje::kRequestLog == PJE_REQUEST_LOG);

namespace {

Status bytes_of(const void *data, size_t size, const char *name, std::string_view *out) {
  if (data == nullptr && size > 0)
    return pje::invalid_argument(pje::concat("argument \"", name, "\" is NULL, but its size is ", size));
  *out = size == 0 ? std::string_view() : std::string_view(static_cast<const char *>(data), size);
  return {};
}

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(KvStore, pje_kv_store)

pje_error *pje_kv_store_create(pje_kv_store **out) noexcept {
  return guarded("pje_kv_store_create", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    *out = KvStore::in_memory().to_public();
    return {};
  });
}

pje_error *pje_kv_store_from_callbacks(pje_kv_get_callback get, pje_kv_try_get_callback try_get,
                                       pje_kv_put_callback put, pje_callback release, void *user_data,
                                       pje_kv_store **out) noexcept {
  return guarded("pje_kv_store_from_callbacks", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_NOT_NULL(get);
    PJE_NOT_NULL(put);
    *out = KvStore::of_callbacks({get, try_get, put, release, user_data}).to_public();
    return {};
  });
}

pje_error *pje_kv_store_from_request_queue(pje_request_queue *queue, pje_kv_store **out) noexcept {
  constexpr const char *function = "pje_kv_store_from_request_queue";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(RequestQueue, asked, queue);
    *out = KvStore::of_queue(asked).to_public();
    return {};
  });
}

pje_error *pje_kv_store_get(pje_kv_store *store, const void *key, size_t key_size, int64_t timeout_ns,
                            pje_bytes **out) noexcept {
  constexpr const char *function = "pje_kv_store_get";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(KvStore, source, store);
    std::string_view name;
    PJE_TRY(bytes_of(key, key_size, "key", &name));
    PJE_ASSIGN(std::string value, source.backend().get(name, timeout_ns));
    *out = pje::make<Bytes>(std::move(value)).to_public();
    return {};
  });
}

pje_error *pje_kv_store_try_get(pje_kv_store *store, const void *key, size_t key_size,
                                pje_bytes **out) noexcept {
  constexpr const char *function = "pje_kv_store_try_get";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(KvStore, source, store);
    std::string_view name;
    PJE_TRY(bytes_of(key, key_size, "key", &name));
    PJE_ASSIGN(std::string value, source.backend().try_get(name));
    *out = pje::make<Bytes>(std::move(value)).to_public();
    return {};
  });
}

pje_error *pje_kv_store_put(pje_kv_store *store, const void *key, size_t key_size, const void *value,
                            size_t value_size) noexcept {
  constexpr const char *function = "pje_kv_store_put";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(KvStore, target, store);
    std::string_view name;
    std::string_view contents;
    PJE_TRY(bytes_of(key, key_size, "key", &name));
    PJE_TRY(bytes_of(value, value_size, "value", &contents));
    return target.backend().put(name, contents);
  });
}

}  // extern "C"
