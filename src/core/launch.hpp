// What every way to run an executable shares.
#pragma once

#include "core/buffer.hpp"

namespace pje {

inline constexpr const char *kExecute = "PJRT_LoadedExecutable_Execute";

// The caller's handles of the outputs of one device, in slots that were reserved or promised; cannot fail.
template <class Slots>
[[gnu::always_inline]] inline void make_outputs(Slots &&slots, Client &client, uint8_t line,
                                                PJRT_Buffer *const *raw, const ArrayType *const *types,
                                                pje_buffer **handles, size_t num_outputs) noexcept {
  uint64_t stamp = client.stamp(line);
  slots.take(
      num_outputs, [ =, &client ](Slot * slot, size_t i) __attribute__((always_inline)) {
        handles[i] = Buffer::begin(slot, stamp, client, line, raw[i], types[i]);
      });
}
template <class Slots>
[[gnu::always_inline]] inline void make_outputs(Slots &&slots, Client &client, PJRT_Buffer *const *raw,
                                                const ArrayType *const *types, pje_buffer **handles,
                                                size_t num_outputs) noexcept {
  make_outputs(slots, client, client.take_holds(num_outputs), raw, types, handles, num_outputs);
}

// One buffer is two arguments of a run that takes it over.
Status taken_twice(size_t i, size_t other);

// For results that never come to the caller.
[[gnu::cold]] void destroy_all(const abi::Api &api, PJRT_Buffer *const *raw, size_t count) noexcept;

}  // namespace pje
