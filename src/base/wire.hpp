// Reads the wire format of protocol buffers without knowing the messages: field by field, nothing allocated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pje {

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

struct WireField {
  uint32_t number = 0;
  WireType type = WireType::kVarint;
  uint64_t value = 0;      // of kVarint, kFixed64 and kFixed32
  std::string_view bytes;  // of kBytes
};

class WireReader {
 public:
  explicit WireReader(std::string_view data) noexcept : rest_(data) {}

  // Reads one field. False at the end of the data and at the first byte that makes no sense.
  bool next(WireField *field) noexcept;
  // Reads a bare varint, as packed lists hold them.
  bool varint(uint64_t *value) noexcept;
  bool at_end() const noexcept { return rest_.empty() && !failed_; }
  bool failed() const noexcept { return failed_; }

 private:
  bool fixed(size_t size, uint64_t *value) noexcept;
  bool fail() noexcept {
    failed_ = true;
    return false;
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace pje
