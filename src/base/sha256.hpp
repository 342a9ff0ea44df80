// SHA-256, for files that are pinned.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/status.hpp"

namespace pje {

class Sha256 {
 public:
  void update(const void *data, size_t size) noexcept;
  // 64 lower-case hexadecimal digits; ends the computation.
  std::string finish();

 private:
  void compress(const unsigned char *block) noexcept;

  std::array<uint32_t, 8> state_ = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                    0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
  std::array<unsigned char, 64> pending_{};
  uint64_t num_bytes_ = 0;
};

Result<std::string> sha256_of_file(const std::string &path);

}  // namespace pje
