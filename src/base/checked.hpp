// Arithmetic on sizes that says when it overflows.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pje {

// Each writes *out and returns true, or returns false when the result does not fit.
template <class T>
[[nodiscard]] bool checked_add(T a, T b, T *out) noexcept {
  return !__builtin_add_overflow(a, b, out);
}

template <class T>
[[nodiscard]] bool checked_mul(T a, T b, T *out) noexcept {
  return !__builtin_mul_overflow(a, b, out);
}

}  // namespace pje
