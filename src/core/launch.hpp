// What every way to run an executable shares.
#pragma once

#include "core/buffer.hpp"

namespace pje {

inline constexpr const char *kExecute = "PJRT_LoadedExecutable_Execute";

// The caller's handles of the outputs of one device; cannot fail.
[[gnu::always_inline]] inline void make_outputs(SlotReservation &slots, Client &client,
                                                PJRT_Buffer *const *raw, const ArrayType *const *types,
                                                pje_buffer **handles, size_t num_outputs) noexcept {
  const abi::Api &api = client.api();
  uint8_t line = client.take_holds(num_outputs);
  slots.take(
      num_outputs, [ =, &client, &api ](Slot * slot, size_t i) __attribute__((always_inline)) {
        handles[i] = make_for_caller<Buffer>(slot, ClientHold(&client, line), api, raw[i], types[i]);
      });
}

// One buffer is two arguments of a run that takes it over.
Status taken_twice(size_t i, size_t other);

// For results that never come to the caller.
[[gnu::cold]] void destroy_all(const abi::Api &api, PJRT_Buffer *const *raw, size_t count) noexcept;

}  // namespace pje
