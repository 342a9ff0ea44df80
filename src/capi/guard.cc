#include "capi/guard.hpp"

#include <algorithm>
#include <cstring>

#include "base/workers.hpp"

namespace pje::capi {

Status wrong_handle(const char *function, const char *argument, const void *handle,
                    ObjectType wanted) noexcept {
  const char *what = describe_wrong_handle(handle, wanted);
  bool other_type = std::strncmp(what, "pje_", 4) == 0;
  try {
    std::string text = concat(other_type ? "is a " : "", what, ": expected a ", object_type_name(wanted));
    report_misuse(function, argument, text);
    return failure_of(function, PJE_INVALID_ARGUMENT, concat("argument \"", argument, "\" ", text));
  } catch (...) {
    return out_of_memory();
  }
}

Status refused_in_callback() noexcept {
  return failure(
      PJE_FAILED_PRECONDITION,
      "called inside a callback: only callback-safe functions work there; hand the work to another thread");
}

Status refuse_on_dispatcher() noexcept {
  if (!on_dispatcher_thread()) return {};
  return failure(
      PJE_FAILED_PRECONDITION,
      "called in a function given to pje_event_then: waiting there stops all others; use another thread");
}

Status read_options(const void *options, size_t known_size, void *copy, const char *name) noexcept {
  if (options == nullptr) return {};
  size_t given;
  std::memcpy(&given, options, sizeof(given));
  try {
    if (given < sizeof(size_t))
      return invalid_argument(concat(name, ".struct_size is ", given, ": expected sizeof(", name,
                                     "); start from its INIT macro"));
    const auto *bytes = static_cast<const unsigned char *>(options);
    for (size_t i = known_size; i < given; ++i)
      if (bytes[i] != 0)
        return failure(PJE_UNIMPLEMENTED,
                       concat(name, " has a member set at byte ", i, " that this library (", known_size,
                              " bytes) does not know"));
    std::memcpy(copy, options, std::min(given, known_size));
    return {};
  } catch (...) {
    return out_of_memory();
  }
}

}  // namespace pje::capi
