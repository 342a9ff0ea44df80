// The header of .npy files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/array_type.hpp"
#include "base/status.hpp"

namespace pje {

// The first bytes of a file say how long its header is.
inline constexpr size_t kNpyPreamble = 12;

struct NpyPreamble {
  size_t header_begin = 0;
  size_t header_size = 0;
};

struct NpyHeader {
  const ArrayType *type = nullptr;
  bool fortran_order = false;
};

// All errors are INVALID_ARGUMENT and start with `name`. `bytes` has kNpyPreamble bytes, or fewer when the
// file has.
Result<NpyPreamble> parse_npy_preamble(const std::string &name, std::string_view bytes);

// The text behind the preamble, a Python dictionary.
Result<NpyHeader> parse_npy_header(const std::string &name, std::string_view text);

// Preamble and header, so long that the data behind them are aligned to 64 bytes.
std::string make_npy_header(const ArrayType &type);

}  // namespace pje
