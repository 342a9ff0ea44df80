// Element types as XLA's messages number them: xla.PrimitiveType agrees with PJRT's own numbers by name only.
#pragma once

#include <array>

#include "pjrt_easy/types.h"

namespace pje {

struct PrimitiveTypeRow {
  pje_dtype dtype;
  int primitive_type;
};

inline constexpr std::array kPrimitiveTypes = {
    PrimitiveTypeRow{PJE_PRED, 1},        PrimitiveTypeRow{PJE_S1, 30},
    PrimitiveTypeRow{PJE_S2, 26},         PrimitiveTypeRow{PJE_S4, 21},
    PrimitiveTypeRow{PJE_S8, 2},          PrimitiveTypeRow{PJE_S16, 3},
    PrimitiveTypeRow{PJE_S32, 4},         PrimitiveTypeRow{PJE_S64, 5},
    PrimitiveTypeRow{PJE_U1, 31},         PrimitiveTypeRow{PJE_U2, 27},
    PrimitiveTypeRow{PJE_U4, 22},         PrimitiveTypeRow{PJE_U8, 6},
    PrimitiveTypeRow{PJE_U16, 7},         PrimitiveTypeRow{PJE_U32, 8},
    PrimitiveTypeRow{PJE_U64, 9},         PrimitiveTypeRow{PJE_F16, 10},
    PrimitiveTypeRow{PJE_BF16, 16},       PrimitiveTypeRow{PJE_F32, 11},
    PrimitiveTypeRow{PJE_F64, 12},        PrimitiveTypeRow{PJE_F8E3M4, 29},
    PrimitiveTypeRow{PJE_F8E4M3, 28},     PrimitiveTypeRow{PJE_F8E4M3FN, 20},
    PrimitiveTypeRow{PJE_F8E4M3FNUZ, 25}, PrimitiveTypeRow{PJE_F8E4M3B11FNUZ, 23},
    PrimitiveTypeRow{PJE_F8E5M2, 19},     PrimitiveTypeRow{PJE_F8E5M2FNUZ, 24},
    PrimitiveTypeRow{PJE_F8E8M0FNU, 33},  PrimitiveTypeRow{PJE_F6E2M3FN, 36},
    PrimitiveTypeRow{PJE_F6E3M2FN, 35},   PrimitiveTypeRow{PJE_F4E2M1FN, 32},
    PrimitiveTypeRow{PJE_C64, 15},        PrimitiveTypeRow{PJE_C128, 18},
    PrimitiveTypeRow{PJE_TOKEN, 17},
};

// 0, which is XLA's word for "invalid", when there is none.
constexpr int primitive_type_of(pje_dtype dtype) noexcept {
  for (const PrimitiveTypeRow &row : kPrimitiveTypes)
    if (row.dtype == dtype) return row.primitive_type;
  return 0;
}

constexpr pje_dtype dtype_of_primitive_type(int primitive_type) noexcept {
  for (const PrimitiveTypeRow &row : kPrimitiveTypes)
    if (row.primitive_type == primitive_type) return row.dtype;
  return PJE_DTYPE_INVALID;
}

}  // namespace pje
