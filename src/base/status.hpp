// Errors, and how functions report them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/object.hpp"
#include "pjrt_easy/types.h"

namespace pje {

const char *code_name(pje_code code) noexcept;

struct Payload {
  std::string key;
  std::string data;
};

class Error final : public Object {
 public:
  using Handle = pje_error;
  static constexpr ObjectType kType = ObjectType::kError;

  Error(pje_code code, std::string function, std::string detail, std::vector<Payload> payloads);

  pje_code code() const noexcept { return code_; }
  const std::string &message() const noexcept { return message_; }
  const std::string &detail() const noexcept { return detail_; }
  const std::string &function() const noexcept { return function_; }
  const std::vector<Payload> &payloads() const noexcept { return payloads_; }

  // Names the function that failed; only for an error that nobody else has seen yet.
  void set_function(std::string_view function);

  // The one error that needs no memory.
  static Error *out_of_memory() noexcept;
  void on_unreferenced() noexcept override;

 private:
  void compose_message();

  pje_code code_;
  bool permanent_ = false;
  std::string function_;
  std::string detail_;
  std::string message_;
  std::vector<Payload> payloads_;
};

// Success, or an error. Moves like a pointer and costs as much.
class [[nodiscard]] Status {
 public:
  Status() noexcept = default;
  explicit Status(Ref<Error> error) noexcept : error_(std::move(error)) {}
  bool ok() const noexcept { return !error_; }
  Error *error() const noexcept { return error_.get(); }
  Ref<Error> take() && noexcept { return std::move(error_); }
  // Another owner of the same error: what is kept in an event is handed out many times.
  Status copy() const noexcept { return Status(error_); }

 private:
  Ref<Error> error_;
};

// Fails for a reason of our own; the boundary adds the name of the function that was called.
Status failure(pje_code code, std::string text) noexcept;
// Fails on behalf of a named function.
Status failure_of(std::string_view function, pje_code code, std::string text,
                  std::vector<Payload> payloads = {}) noexcept;
Status out_of_memory() noexcept;
// The error for what was thrown; only inside a catch block.
Status current_exception_status() noexcept;
// Names the function unless the error has one already.
Status with_function(Status status, std::string_view function) noexcept;

// Whether an object can be used by a call; types whose objects may have to be waited for have their own.
inline Status settled(const Object &) noexcept { return {}; }

inline Status invalid_argument(std::string text) noexcept {
  return failure(PJE_INVALID_ARGUMENT, std::move(text));
}

// A value or an error.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  Result(Status status) noexcept : status_(std::move(status)) {}
  bool ok() const noexcept { return value_.has_value(); }
  T &value() & noexcept { return *value_; }
  T &&value() && noexcept { return std::move(*value_); }
  Status status() && noexcept { return std::move(status_); }

 private:
  Status status_;
  std::optional<T> value_;
};

#define PJE_CONCAT_(a, b) a##b
#define PJE_CONCAT(a, b) PJE_CONCAT_(a, b)

// Leaves the function with the error of `expression`, if it has one.
#define PJE_TRY(expression)                    \
  do {                                         \
    ::pje::Status pje_status_ = (expression);  \
    if (!pje_status_.ok()) return pje_status_; \
  } while (false)

// Declares `declaration` with the value of a Result, or leaves the function with its error.
#define PJE_ASSIGN(declaration, expression) \
  PJE_ASSIGN_(PJE_CONCAT(pje_result_, __LINE__), declaration, expression)
#define PJE_ASSIGN_(result, declaration, expression)   \
  auto result = (expression);                          \
  if (!result.ok()) return std::move(result).status(); \
  declaration = std::move(result).value()

}  // namespace pje
