#include "pjrt_easy/error.h"

#include "capi/guard.hpp"

using pje::Error;
using pje::capi::answered;

namespace {

#define PJE_TEXT_(number) #number
#define PJE_TEXT(number) PJE_TEXT_(number)

constexpr const char *kVersion =
    PJE_TEXT(PJE_VERSION_MAJOR) "." PJE_TEXT(PJE_VERSION_MINOR) "." PJE_TEXT(PJE_VERSION_PATCH);

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(Error, pje_error)

const char *pje_version(void) noexcept { return kVersion; }

uint32_t pje_version_number(void) noexcept { return PJE_VERSION_NUMBER; }

uint64_t pje_misuse_count(void) noexcept { return pje::misuse_count(); }

const char *pje_code_name(pje_code code) noexcept { return pje::code_name(code); }

pje_error *pje_error_create(pje_code code, const char *message) noexcept {
  bool known = code > PJE_OK && code <= PJE_UNAUTHENTICATED;
  try {
    std::string text =
        message == nullptr ? "" : pje::utf8_from(message, std::char_traits<char>::length(message));
    return pje::capi::give(pje::failure(known ? code : PJE_UNKNOWN, std::move(text)));
  } catch (...) {
    return pje::capi::give(pje::out_of_memory());
  }
}

pje_code pje_error_code(const pje_error *error) noexcept {
  if (error == nullptr) return PJE_OK;
  return answered<Error>("pje_error_code", "error", error, PJE_INVALID_ARGUMENT,
                         [](Error &e) { return e.code(); });
}

const char *pje_error_message(const pje_error *error) noexcept {
  if (error == nullptr) return "";
  return answered<Error>("pje_error_message", "error", error, "",
                         [](Error &e) { return e.message().c_str(); });
}

const char *pje_error_detail(const pje_error *error) noexcept {
  if (error == nullptr) return "";
  return answered<Error>("pje_error_detail", "error", error, "", [](Error &e) { return e.detail().c_str(); });
}

const char *pje_error_function(const pje_error *error) noexcept {
  if (error == nullptr) return "";
  return answered<Error>("pje_error_function", "error", error, "",
                         [](Error &e) { return e.function().c_str(); });
}

size_t pje_error_num_payloads(const pje_error *error) noexcept {
  if (error == nullptr) return 0;
  return answered<Error>("pje_error_num_payloads", "error", error, size_t{0},
                         [](Error &e) { return e.payloads().size(); });
}

bool pje_error_payload(const pje_error *error, size_t index, const char **key, const void **data,
                       size_t *size) noexcept {
  if (error == nullptr) return false;
  return answered<Error>("pje_error_payload", "error", error, false, [&](Error &e) {
    if (index >= e.payloads().size()) return false;
    const pje::Payload &payload = e.payloads()[index];
    if (key != nullptr) *key = payload.key.c_str();
    if (data != nullptr) *data = payload.data.data();
    if (size != nullptr) *size = payload.data.size();
    return true;
  });
}

}  // extern "C"
