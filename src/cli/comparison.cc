#include "cli/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace pje::cli {

namespace {

constexpr double kDefaultRelative = 1e-5;
constexpr double kDefaultAbsolute = 1e-8;

std::span<const int64_t> dims_of(const pje_array *array) {
  return {pje_array_dims(array), pje_array_rank(array)};
}

bool is_exact(pje_dtype dtype) {
  const pje_dtype_kind kind = pje_dtype_kind_of(dtype);
  return kind != PJE_KIND_FLOAT && kind != PJE_KIND_COMPLEX;
}

bool is_nan(const ElementValue &value) { return std::isnan(value.real) || std::isnan(value.imaginary); }

Real magnitude(const ElementValue &value) { return std::hypot(value.real, value.imaginary); }

bool identical(const ElementValue &a, const ElementValue &b) {
  return (a.real == b.real && a.imaginary == b.imaginary) || (is_nan(a) && is_nan(b));
}

struct Difference {
  Real size = 0;
  Real excess = 0;  // above what is tolerated; positive is a mismatch
};

Difference difference(const ElementValue &got, const ElementValue &want, Real relative, Real absolute) {
  if (identical(got, want)) return {};
  const Real infinity = std::numeric_limits<Real>::infinity();
  if (is_nan(got) || is_nan(want)) return {std::numeric_limits<Real>::quiet_NaN(), infinity};
  const Real size = magnitude({got.real - want.real, got.imaginary - want.imaginary});
  // An infinite expectation would tolerate everything.
  if (std::isinf(size)) return {size, infinity};
  return {size, size - (absolute + relative * magnitude(want))};
}

// "[1,2]" from the position in row-major order.
std::string index_text(const pje_array *array, size_t position) {
  const std::span<const int64_t> dims = dims_of(array);
  std::vector<size_t> index(dims.size());
  for (size_t axis = dims.size(); axis-- > 0;) {
    index[axis] = position % static_cast<size_t>(dims[axis]);
    position /= static_cast<size_t>(dims[axis]);
  }
  return fmt::format("[{}]", fmt::join(index, ","));
}

}  // namespace

std::string dims_text(const pje_array *array) { return fmt::format("[{}]", fmt::join(dims_of(array), ",")); }

std::string type_text(const pje_array *array) {
  return pje_dtype_name(pje_array_dtype(array)) + dims_text(array);
}

bool same_dims(const pje_array *a, const pje_array *b) { return std::ranges::equal(dims_of(a), dims_of(b)); }

size_t num_elements(const pje_array *array) {
  const size_t element_size = pje_dtype_host_size(pje_array_dtype(array));
  return element_size == 0 ? 0 : pje_array_size(array) / element_size;
}

Comparison compare(const pje_array *got, const pje_array *want, const Tolerance &tolerance) {
  const pje_dtype dtype = pje_array_dtype(got);
  const Real relative = tolerance.relative.value_or(is_exact(dtype) ? 0 : kDefaultRelative);
  const Real absolute = tolerance.absolute.value_or(is_exact(dtype) ? 0 : kDefaultAbsolute);
  const size_t count = num_elements(got);
  const void *got_data = pje_array_const_data(got);
  const void *want_data = pje_array_const_data(want);

  Comparison result;
  size_t num_wrong = 0;
  size_t worst_position = 0;
  Real worst_excess = 0;
  for (size_t i = 0; i < count; ++i) {
    const Difference found =
        difference(element_value(dtype, got_data, i), element_value(dtype, want_data, i), relative, absolute);
    if (!(found.size <= result.max_abs_diff) && !std::isnan(result.max_abs_diff))
      result.max_abs_diff = found.size;
    if (!(found.excess > 0)) continue;
    ++num_wrong;
    if (found.excess <= worst_excess) continue;
    worst_excess = found.excess;
    worst_position = i;
  }
  if (num_wrong == 0) return result;
  result.equal = false;
  result.text = fmt::format("at {}: got {}, want {} ({} of {} elements differ by more than {} + {} * |want|)",
                            index_text(got, worst_position),
                            element_text(dtype, element_value(dtype, got_data, worst_position)),
                            element_text(dtype, element_value(dtype, want_data, worst_position)), num_wrong,
                            count, static_cast<double>(absolute), static_cast<double>(relative));
  return result;
}

}  // namespace pje::cli
