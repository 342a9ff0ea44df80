#include "base/status.hpp"

#include <cstring>
#include <new>
#include <stdexcept>

#include "base/text.hpp"

namespace pje {

namespace {

constexpr size_t kMaxMessage = 512;

constexpr const char *kCodeNames[] = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

}  // namespace

const char *code_name(pje_code code) noexcept {
  auto number = static_cast<uint32_t>(code);
  return number < std::size(kCodeNames) ? kCodeNames[number] : "UNKNOWN";
}

Error::Error(pje_code code, std::string function, std::string detail, std::vector<Payload> payloads)
    : code_(code),
      function_(std::move(function)),
      detail_(std::move(detail)),
      payloads_(std::move(payloads)) {
  compose_message();
}

void Error::set_function(std::string_view function) {
  if (permanent_) return;
  function_ = function;
  compose_message();
}

void Error::compose_message() {
  std::string_view first = detail_;
  bool is_clean = is_printable(first);
  if (!is_clean) first = first.substr(0, first.find_first_of("\r\n"));
  std::string_view code = code_name(code_);
  message_.clear();
  message_.reserve(function_.size() + code.size() + first.size() + 4);
  if (!function_.empty()) message_.append(function_).append(": ");
  message_ += code;
  if (!first.empty()) message_.append(": ").append(first);
  if (!is_clean) make_printable(std::span(message_).last(first.size()));
  truncate_utf8(message_, kMaxMessage - 1);
}

Error *Error::out_of_memory() noexcept {
  // Leak checkers do not look into the memory of objects: the text has to be in sight of a static.
  [[gnu::used, maybe_unused]] static const char *text;
  static Error *const instance = [] {
    Error *error = make<Error>(PJE_RESOURCE_EXHAUSTED, "", "out of memory", std::vector<Payload>{}).leak();
    error->permanent_ = true;
    text = error->message_.data();
    return error;
  }();
  return instance;
}

void Error::on_unreferenced() noexcept {
  if (!permanent_) destroy();
}

Status failure_of(std::string_view function, pje_code code, std::string text,
                  std::vector<Payload> payloads) noexcept {
  try {
    return Status(make<Error>(code, std::string(function), std::move(text), std::move(payloads)));
  } catch (...) {
    return out_of_memory();
  }
}

Status failure(pje_code code, std::string text) noexcept { return failure_of("", code, std::move(text)); }

Status out_of_memory() noexcept { return Status(Ref<Error>::share(Error::out_of_memory())); }

Status with_function(Status status, std::string_view function) noexcept {
  if (status.ok() || !status.error()->function().empty()) return status;
  try {
    status.error()->set_function(function);
  } catch (...) {
    return out_of_memory();
  }
  return status;
}

Status current_exception_status() noexcept {
  try {
    throw;
  } catch (const std::bad_alloc &) {
    return out_of_memory();
  } catch (const std::length_error &) {
    return failure(PJE_RESOURCE_EXHAUSTED, "a size is larger than memory can hold");
  } catch (const std::exception &exception) {
    return failure(PJE_INTERNAL, exception.what());
  } catch (...) {
    return failure(PJE_INTERNAL, "an exception of unknown type");
  }
}

}  // namespace pje
