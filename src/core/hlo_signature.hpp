// What an HLO module takes and gives, read from its bytes: no PJRT call tells the types of parameters.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/array_type.hpp"
#include "base/status.hpp"

namespace pje {

// Tuples are flattened to their leaves. A type is NULL where it cannot be compared with a buffer's: tokens,
// opaque and unknown types, dimensions that vary. It has an order where the program names one that is not
// row-major; tiles are not told apart.
struct HloSignature {
  std::vector<const ArrayType *> params;
  std::vector<const ArrayType *> results;
  std::vector<bool> donated;  // one for each parameter
};

// Takes a serialized HloModuleProto, or HloModuleProtoWithConfig. INVALID_ARGUMENT when it is neither.
Result<HloSignature> parse_hlo_signature(std::span<const std::byte> bytes, bool with_config);

}  // namespace pje
