// The way into every slot: sizes, controls, log and exception barrier in one place.
#pragma once

#include "calls.hpp"
#include "defects.hpp"

namespace fake {

struct Entry {
  size_t function;
  Sizes sizes;
  Status (*call)(void *args);
};

PJRT_Error *Dispatch(const Entry &entry, void *args);

template <class Args>
PJRT_Error *Enter(Args *args) {
  static_assert(sizeof(Args) <= 256, "the local copy of the arguments is that large");
  Entry entry{static_cast<size_t>(pje::abi::FunctionOf<Args>::function), SizesOf<Args>(), [](void *known) {
                Args &given = *static_cast<Args *>(known);
                if (AnyDefect()) [[unlikely]]
                  DistortInput(given);
                Status status = Call(given);
                if (AnyDefect() && !status) [[unlikely]]
                  DistortOutput(given);
                return status;
              }};
  return Dispatch(entry, args);
}

// What has no way to answer an error can only drop it.
template <class Args>
void EnterNone(Args *args) {
  if (PJRT_Error *error = Enter(args)) {
    PJRT_Error_Destroy_Args destroy{};
    destroy.struct_size = pje::abi::struct_size<PJRT_Error_Destroy_Args>;
    destroy.error = error;
    Call(destroy);
  }
}

}  // namespace fake
