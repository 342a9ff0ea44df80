#include "io/npy_header.hpp"

#include <array>
#include <optional>

#include "base/checked.hpp"
#include "base/dtype.hpp"
#include "base/text.hpp"

namespace pje {

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
// NumPy itself refuses headers above 10000 bytes unless asked; this bounds what a damaged file can cost.
constexpr size_t kMaxHeader = size_t{1} << 20;

Status bad(const std::string &name, std::string_view text) {
  return invalid_argument(concat(name, ": ", text));
}

struct Code {
  std::string_view code;
  pje_dtype dtype;
};

// NumPy's kind and bytes an element. ml_dtypes' types are void to NumPy, all but one: of those with 2 bytes
// there is only bfloat16, those with 1 byte are told apart by the program's signature.
constexpr std::array kCodes = {
    Code{"b1", PJE_PRED}, Code{"i1", PJE_S8},    Code{"i2", PJE_S16},    Code{"i4", PJE_S32},
    Code{"i8", PJE_S64},  Code{"u1", PJE_U8},    Code{"u2", PJE_U16},    Code{"u4", PJE_U32},
    Code{"u8", PJE_U64},  Code{"f2", PJE_F16},   Code{"f4", PJE_F32},    Code{"f8", PJE_F64},
    Code{"c8", PJE_C64},  Code{"c16", PJE_C128}, Code{"f1", PJE_F8E5M2}, Code{"V1", PJE_U8},
    Code{"V2", PJE_BF16},
};

// What a type is written as when NumPy has no code for it alone: its bits, as an unsigned integer.
std::string_view code_to_write(pje_dtype dtype) noexcept {
  if (dtype == PJE_BF16) return "u2";
  for (const Code &row : kCodes)
    if (row.dtype == dtype && row.code != "f1") return row.code;
  return "u1";
}

bool is_letter_and_digits(std::string_view text) noexcept {
  return text.size() > 1 && text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

Result<pje_dtype> dtype_of(const std::string &name, std::string_view descr) {
  std::string_view code = descr;
  char order = '=';
  if (!code.empty() && std::string_view("<>|=").find(code[0]) != std::string_view::npos) {
    order = code[0];
    code.remove_prefix(1);
  }
  if (code.starts_with('O'))
    return bad(name, concat("element type '", descr, "' holds Python objects: expected numbers"));
  for (const Code &row : kCodes) {
    if (row.code != code) continue;
    if (order == '>' && !code.ends_with('1'))
      return bad(name,
                 concat("element type '", descr,
                        "' is big-endian: expected little-endian; write it with astype('<", code, "')"));
    return row.dtype;
  }
  // Names with a letter and digits alone mean other things to NumPy than to XLA: its i4 has 4 bytes.
  pje_dtype dtype = order == '=' && !is_letter_and_digits(code) ? dtype_from_name(code) : PJE_DTYPE_INVALID;
  if (dtype != PJE_DTYPE_INVALID && dtype != PJE_TOKEN) return dtype;
  return bad(name, concat("element type '", descr,
                          "' is not supported: expected bool, integer, float or complex numbers"));
}

// Reads the one dictionary that a header is: strings, booleans and tuples of integers, nothing nested.
class DictReader {
 public:
  DictReader(const std::string &name, std::string_view text) : name_(name), rest_(text) {}

  Result<NpyHeader> read();

 private:
  Status malformed(std::string_view what) const { return bad(name_, concat("malformed header: ", what)); }
  void skip_space() noexcept {
    size_t begin = rest_.find_first_not_of(" \t\r\n\f\v");
    rest_.remove_prefix(begin == std::string_view::npos ? rest_.size() : begin);
  }
  bool take(std::string_view token) noexcept {
    skip_space();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  bool string(std::string_view *out) noexcept;
  bool dimension(int64_t *out) noexcept;
  Status entry();
  Status descr();
  Status fortran_order();
  Status shape();

  const std::string &name_;
  std::string_view rest_;
  std::optional<pje_dtype> dtype_;
  std::optional<bool> fortran_order_;
  std::optional<std::vector<int64_t>> dims_;
};

bool DictReader::string(std::string_view *out) noexcept {
  skip_space();
  if (rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"')) return false;
  size_t end = rest_.find(rest_[0], 1);
  if (end == std::string_view::npos) return false;
  *out = rest_.substr(1, end - 1);
  rest_.remove_prefix(end + 1);
  return out->find('\\') == std::string_view::npos;
}

bool DictReader::dimension(int64_t *out) noexcept {
  skip_space();
  size_t digits = rest_.find_first_not_of("0123456789");
  if (digits == std::string_view::npos || digits == 0) return false;
  *out = 0;
  for (char c : rest_.substr(0, digits))
    if (!checked_mul(*out, int64_t{10}, out) || !checked_add(*out, int64_t{c - '0'}, out)) return false;
  rest_.remove_prefix(digits);
  // Python 2 wrote long integers this way.
  if (rest_.starts_with('L')) rest_.remove_prefix(1);
  return true;
}

Status DictReader::descr() {
  skip_space();
  if (rest_.starts_with('[') || rest_.starts_with('('))
    return bad(name_, "element type is structured: expected one number an element");
  std::string_view text;
  if (!string(&text)) return malformed("expected a string for 'descr'");
  PJE_ASSIGN(dtype_, dtype_of(name_, text));
  return {};
}

Status DictReader::fortran_order() {
  if (take("True"))
    fortran_order_ = true;
  else if (take("False"))
    fortran_order_ = false;
  else
    return malformed("expected True or False for 'fortran_order'");
  return {};
}

Status DictReader::shape() {
  if (!take("(")) return malformed("expected a tuple for 'shape'");
  dims_.emplace();
  while (!take(")")) {
    int64_t dim = 0;
    if (!dimension(&dim)) return malformed("expected sizes of 0 or more that fit in 63 bits in 'shape'");
    dims_->push_back(dim);
    if (dims_->size() > kMaxRank) return malformed(concat("'shape' has more than ", kMaxRank, " dimensions"));
    if (take(",")) continue;
    // "(3)" is no tuple in Python.
    if (dims_->size() == 1 || !take(")")) return malformed("expected ',' or ')' in 'shape'");
    return {};
  }
  return {};
}

Status DictReader::entry() {
  std::string_view key;
  if (!string(&key)) return malformed("expected a key in quotes");
  if (!take(":")) return malformed("expected ':' behind a key");
  if (key == "descr" && !dtype_) return descr();
  if (key == "fortran_order" && !fortran_order_) return fortran_order();
  if (key == "shape" && !dims_) return shape();
  return malformed(
      concat("key '", printable(key), "': expected each of 'descr', 'fortran_order' and 'shape' once"));
}

Result<NpyHeader> DictReader::read() {
  if (!take("{")) return malformed("expected a dictionary");
  while (!take("}")) {
    PJE_TRY(entry());
    if (take(",")) continue;
    if (!take("}")) return malformed("expected ',' or '}' behind a value");
    break;
  }
  skip_space();
  if (!rest_.empty()) return malformed("expected nothing behind the dictionary");
  if (!dtype_ || !fortran_order_ || !dims_)
    return malformed("expected the keys 'descr', 'fortran_order' and 'shape'");
  Result<const ArrayType *> type = intern_array_type(*dtype_, dims_->data(), dims_->size());
  if (!type.ok())
    return bad(name_,
               concat("the size of ", dtype_info(*dtype_)->name, dims_text(*dims_), " overflows 63 bits"));
  return NpyHeader{type.value(), *fortran_order_};
}

}  // namespace

Result<NpyPreamble> parse_npy_preamble(const std::string &name, std::string_view bytes) {
  auto byte = [&](size_t i) { return size_t{static_cast<unsigned char>(bytes[i])}; };
  if (!bytes.starts_with(kMagic)) return bad(name, "not a .npy file: expected the magic \\x93NUMPY in front");
  constexpr size_t kVersion1Preamble = 10;
  if (bytes.size() < kVersion1Preamble) return bad(name, "the header is cut short");
  size_t major = byte(6);
  if (major < 1 || major > 3)
    return bad(name, concat(".npy format version ", major, ".", byte(7), ": expected 1, 2 or 3"));
  NpyPreamble preamble;
  preamble.header_begin = major == 1 ? kVersion1Preamble : kNpyPreamble;
  if (bytes.size() < preamble.header_begin) return bad(name, "the header is cut short");
  preamble.header_size = byte(8) | byte(9) << 8;
  if (major > 1) preamble.header_size |= byte(10) << 16 | byte(11) << 24;
  if (preamble.header_size > kMaxHeader)
    return bad(name,
               concat("the header has ", preamble.header_size, " bytes: expected at most ", kMaxHeader));
  return preamble;
}

Result<NpyHeader> parse_npy_header(const std::string &name, std::string_view text) {
  return DictReader(name, text).read();
}

std::string make_npy_header(const ArrayType &type) {
  constexpr size_t kAlignment = 64;
  constexpr size_t kPreamble = 10;
  size_t host_size = dtype_info(type.dtype)->host_size;
  std::string text = concat("{'descr': '", host_size == 1 ? "|" : "<", code_to_write(type.dtype),
                            "', 'fortran_order': False, 'shape': (");
  for (size_t i = 0; i < type.rank; ++i) text += concat(i == 0 ? "" : ", ", type.dims[i]);
  text += type.rank == 1 ? ",), }" : "), }";
  size_t total = (kPreamble + text.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
  text.resize(total - kPreamble - 1, ' ');
  text += '\n';
  std::string header(kMagic);
  header += {'\1', '\0'};
  header += static_cast<char>(text.size() & 0xFF);
  header += static_cast<char>(text.size() >> 8 & 0xFF);
  return header + text;
}

}  // namespace pje
