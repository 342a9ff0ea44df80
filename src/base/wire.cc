#include "base/wire.hpp"

namespace pje {

bool WireReader::varint(uint64_t *value) noexcept {
  *value = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    if (shift == 63 && byte > 1) return fail();
    *value |= uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return true;
  }
  return fail();
}

bool WireReader::fixed(size_t size, uint64_t *value) noexcept {
  if (rest_.size() < size) return fail();
  *value = 0;
  for (size_t i = 0; i < size; ++i) *value |= uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
  rest_.remove_prefix(size);
  return true;
}

bool WireReader::next(WireField *field) noexcept {
  if (failed_ || rest_.empty()) return false;
  uint64_t tag = 0;
  if (!varint(&tag)) return false;
  constexpr uint64_t kMaxNumber = (uint64_t{1} << 29) - 1;
  if (tag >> 3 == 0 || tag >> 3 > kMaxNumber) return fail();
  field->number = static_cast<uint32_t>(tag >> 3);
  field->type = static_cast<WireType>(tag & 7);
  field->bytes = {};
  switch (tag & 7) {
    case 0:
      return varint(&field->value);
    case 1:
      return fixed(8, &field->value);
    case 2: {
      uint64_t size = 0;
      if (!varint(&size)) return false;
      if (size > rest_.size()) return fail();
      field->bytes = rest_.substr(0, static_cast<size_t>(size));
      rest_.remove_prefix(static_cast<size_t>(size));
      return true;
    }
    case 5:
      return fixed(4, &field->value);
    default:
      return fail();
  }
}

}  // namespace pje
