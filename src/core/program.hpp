// Programs before compilation: bytes in one of the forms that plugins take.
#pragma once

#include <string>
#include <string_view>

#include "abi/pjrt_abi.h"
#include "base/object.hpp"
#include "base/status.hpp"
#include "pjrt_easy/types.h"

namespace pje {

class Program final : public Object {
 public:
  using Handle = pje_program;
  static constexpr ObjectType kType = ObjectType::kProgram;

  // PJE_PROGRAM_AUTO detects. INVALID_ARGUMENT for what cannot be a program of the format.
  static Result<Ref<Program>> from_bytes(pje_program_format format, std::string code);
  static Result<Ref<Program>> from_file(const std::string &path);

  pje_program_format format() const noexcept { return format_; }
  const std::string &code() const noexcept { return code_; }
  // What PJRT calls the format; followed by a NUL byte.
  std::string_view pjrt_format() const noexcept { return pjrt_format_of(format_); }
  static std::string_view pjrt_format_of(pje_program_format format) noexcept;
  // Fills what plugins are given; it points at this program.
  void describe_to(PJRT_Program *out) const noexcept;

 private:
  template <class T, class... Args>
  friend Ref<T> pje::make(Args &&...args);
  Program(pje_program_format format, std::string code) : format_(format), code_(std::move(code)) {}

  pje_program_format format_;
  const std::string code_;
};

// PJE_PROGRAM_AUTO when the bytes are none of the formats.
pje_program_format detect_program_format(std::string_view code);

}  // namespace pje
