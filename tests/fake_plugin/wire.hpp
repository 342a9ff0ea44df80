// Just enough of the protobuf wire format: to read compile options and to write module descriptions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fake {

uint64_t HashBytes(std::string_view bytes);

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}
  // False at the end and on damage; ok() tells which.
  bool Next();
  bool ok() const { return ok_; }
  uint32_t field() const { return field_; }
  bool is_bytes() const { return type_ == 2; }
  uint64_t number() const { return number_; }
  std::string_view bytes() const { return bytes_; }

 private:
  bool Varint(uint64_t *value);
  bool Skip(size_t size);

  std::string_view rest_;
  bool ok_ = true;
  uint32_t field_ = 0;
  uint32_t type_ = 0;
  uint64_t number_ = 0;
  std::string_view bytes_;
};

class WireWriter {
 public:
  void Number(uint32_t field, uint64_t value);
  void Bytes(uint32_t field, std::string_view bytes);
  // Packed, as proto3 writes repeated numbers.
  template <class List>
  void Numbers(uint32_t field, const List &list) {
    WireWriter packed;
    for (auto value : list) packed.Varint(static_cast<uint64_t>(value));
    if (!packed.text().empty()) Bytes(field, packed.text());
  }
  void Varint(uint64_t value);
  const std::string &text() const { return text_; }

 private:
  std::string text_;
};

// Reads a repeated number field, packed or not.
template <class Sink>
bool ReadNumbers(const WireReader &reader, Sink sink) {
  if (!reader.is_bytes()) {
    sink(reader.number());
    return true;
  }
  std::string_view rest = reader.bytes();
  while (!rest.empty()) {
    uint64_t value = 0;
    int shift = 0;
    size_t used = 0;
    bool more = true;
    while (more) {
      if (used == rest.size() || shift > 63) return false;
      uint8_t byte = static_cast<uint8_t>(rest[used++]);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      shift += 7;
      more = (byte & 0x80) != 0;
    }
    rest.remove_prefix(used);
    sink(value);
  }
  return true;
}

}  // namespace fake
