// Judging a result against the expected one.
#pragma once

#include <optional>
#include <string>

#include "cli/element_values.hpp"
#include "pjrt_easy.h"

namespace pje::cli {

// Unset: exact for integers, 1e-5 and 1e-8 for the others.
struct Tolerance {
  std::optional<double> relative;
  std::optional<double> absolute;
};

struct Comparison {
  bool equal = true;
  Real max_abs_diff = 0;  // NaN where one side alone is NaN
  std::string text;       // of a mismatch: where, got, want, how many
};

// Both arrays have the same element type and dimensions.
Comparison compare(const pje_array *got, const pje_array *want, const Tolerance &tolerance);

// "[2,3]"; "[]" for a scalar.
std::string dims_text(const pje_array *array);

// "f32[2,3]"
std::string type_text(const pje_array *array);

bool same_dims(const pje_array *a, const pje_array *b);

size_t num_elements(const pje_array *array);

}  // namespace pje::cli
