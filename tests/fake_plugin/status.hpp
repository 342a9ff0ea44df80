// What a call answers: nothing for success, else a code, a message and payloads.
#pragma once

#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "abi/pjrt_abi.h"

namespace fake {

struct Failure {
  uint32_t code = 0;
  std::string message;
  std::vector<std::pair<std::string, std::string>> payloads;
};

// Shared because one failure of a run is handed to every output, event and callback of it.
using Status = std::shared_ptr<const Failure>;

template <class Part>
void AppendText(std::string &text, const Part &part) {
  if constexpr (std::is_convertible_v<const Part &, std::string_view>) {
    // Every call is logged with these: a stream would cost more than most calls do.
    text += std::string_view(part);
  } else {
    std::ostringstream out;
    out << part;
    text += out.str();
  }
}

template <class... Parts>
std::string Text(const Parts &...parts) {
  std::string text;
  (AppendText(text, parts), ...);
  return text;
}

std::string PointerText(const void *pointer);

inline Status Fail(uint32_t code, std::string message) {
  return std::make_shared<const Failure>(Failure{code, std::move(message), {}});
}

template <class... Parts>
Status Invalid(const Parts &...parts) {
  return Fail(PJRT_Error_Code_INVALID_ARGUMENT, Text(parts...));
}

template <class... Parts>
Status Unimplemented(const Parts &...parts) {
  return Fail(PJRT_Error_Code_UNIMPLEMENTED, Text(parts...));
}

std::string CodeName(uint32_t code);
// False when the name is none of PJRT's.
bool CodeFromName(std::string_view name, uint32_t *code);

// Gives the caller ownership; null stays null.
PJRT_Error *NewError(const Status &status);
// What a callback answered; the error is destroyed.
Status TakeError(PJRT_Error *error);

// A mistake of the caller that a real plugin would answer with a crash or with wrong numbers.
[[noreturn]] void Misuse(const std::string &what);

}  // namespace fake
