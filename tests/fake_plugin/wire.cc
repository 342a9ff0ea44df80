#include "wire.hpp"

namespace fake {

uint64_t HashBytes(std::string_view bytes) {
  uint64_t hash = 14695981039346656037U;
  for (char byte : bytes) hash = (hash ^ static_cast<uint8_t>(byte)) * 1099511628211U;
  return hash;
}

bool WireReader::Varint(uint64_t *value) {
  *value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) return false;
    uint8_t byte = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    *value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

bool WireReader::Skip(size_t size) {
  if (size > rest_.size()) return false;
  bytes_ = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

bool WireReader::Next() {
  if (!ok_ || rest_.empty()) return false;
  uint64_t tag = 0;
  ok_ = Varint(&tag) && (tag >> 3) != 0 && (tag >> 3) < (uint64_t{1} << 29);
  if (!ok_) return false;
  field_ = static_cast<uint32_t>(tag >> 3);
  type_ = static_cast<uint32_t>(tag & 7);
  switch (type_) {
    case 0:
      ok_ = Varint(&number_);
      break;
    case 1:
      ok_ = Skip(8);
      break;
    case 2:
      ok_ = Varint(&number_) && Skip(number_);
      break;
    case 5:
      ok_ = Skip(4);
      break;
    default:
      ok_ = false;
  }
  return ok_;
}

void WireWriter::Varint(uint64_t value) {
  while (value >= 0x80) {
    text_.push_back(static_cast<char>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  text_.push_back(static_cast<char>(value));
}

void WireWriter::Number(uint32_t field, uint64_t value) {
  Varint(uint64_t{field} << 3);
  Varint(value);
}

void WireWriter::Bytes(uint32_t field, std::string_view bytes) {
  Varint((uint64_t{field} << 3) | 2);
  Varint(bytes.size());
  text_.append(bytes);
}

}  // namespace fake
