// Elements of any type as numbers, decoded without the library's help so that results are judged
// independently.
#pragma once

#include <cstddef>
#include <string>

#include "pjrt_easy.h"

namespace pje::cli {

// Wide enough for every integer of 64 bits, where double would round.
using Real = long double;

struct ElementValue {
  Real real = 0;
  Real imaginary = 0;
};

ElementValue element_value(pje_dtype dtype, const void *data, size_t index);

// As a person reads it: "-3", "true", "0.25", "1-2i".
std::string element_text(pje_dtype dtype, const ElementValue &value);

}  // namespace pje::cli
