#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <type_traits>

#include "program.hpp"

namespace fake {
namespace {

// One number of a literal, wide enough for every type.
struct Literal {
  double real = 0;
  double imaginary = 0;
  int64_t integer = 0;
  uint64_t bits = 0;
  bool is_bits = false;
};

[[noreturn]] void BadLiteral(int line, std::string_view text) {
  throw ProgramError(PJRT_Error_Code_UNKNOWN,
                     Text("line ", line, ": '", text.substr(0, 40), "' is not a constant of that type"));
}

Literal ParseScalar(std::string_view word, int line) {
  Literal value;
  std::string text(word);
  char *end = nullptr;
  if (text == "true" || text == "false") {
    value.integer = text == "true";
    value.real = static_cast<double>(value.integer);
    return value;
  }
  if (text.starts_with("0x")) {
    value.bits = std::strtoull(text.c_str(), &end, 16);
    value.is_bits = true;
  } else {
    value.real = std::strtod(text.c_str(), &end);
    if (text.find_first_of(".eE") == std::string::npos) {
      value.integer = text[0] == '-' ? std::strtoll(text.c_str(), nullptr, 10)
                                     : static_cast<int64_t>(std::strtoull(text.c_str(), nullptr, 10));
    } else {
      value.integer = static_cast<int64_t>(value.real);
    }
  }
  if (text.empty() || end != text.c_str() + text.size()) BadLiteral(line, text);
  return value;
}

double RealOf(const TypeInfo &info, const Literal &value) {
  if (!value.is_bits) return value.real;
  if (info.bits == 64) {
    double real = 0;
    memcpy(&real, &value.bits, sizeof real);
    return real;
  }
  return static_cast<double>(DecodeFloat(info.format, static_cast<uint32_t>(value.bits)));
}

template <class T>
T Convert(const TypeInfo &info, const Literal &value) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(RealOf(info, value));
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(value.is_bits ? static_cast<int64_t>(value.bits) : value.integer);
  } else {
    using Part = typename T::value_type;
    return T(static_cast<Part>(value.real), static_cast<Part>(value.imaginary));
  }
}

std::vector<Literal> ParseLiterals(std::string_view text, int line) {
  std::vector<Literal> list;
  bool pair = false;
  size_t pair_start = 0;
  for (size_t at = 0; at < text.size();) {
    char c = text[at];
    if (c == '(') {
      pair = true;
      pair_start = list.size();
    }
    if (c == ')') {
      if (!pair || list.size() != pair_start + 2) BadLiteral(line, text);
      list[pair_start].imaginary = list[pair_start + 1].real;
      list.pop_back();
      pair = false;
    }
    if (std::string_view(" ,[]()\n\t").find(c) != std::string_view::npos) {
      ++at;
      continue;
    }
    size_t end = std::min(text.find_first_of(" ,[]()\n\t", at), text.size());
    list.push_back(ParseScalar(text.substr(at, end - at), line));
    at = end;
  }
  return list;
}

unsigned HexDigit(char c, int line) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  BadLiteral(line, std::string_view(&c, 1));
}

// Large constants are written as "0x" and the bytes of all elements.
Tensor ParseBlob(std::string_view hex, const TensorType &type, int line) {
  Shape shape{type.type, type.dims, {}};
  std::vector<char> bytes(hex.size() / 2);
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(HexDigit(hex[2 * i], line) << 4 | HexDigit(hex[2 * i + 1], line));
  }
  size_t one = HostBytes(*FindType(type.type));
  bool splat = bytes.size() == one;
  if ((!splat && bytes.size() != shape.host_bytes()) || FindType(type.type)->bits < 8) BadLiteral(line, hex);
  std::vector<char> all;
  for (size_t i = 0; splat && i < shape.elements(); ++i) all.insert(all.end(), bytes.begin(), bytes.end());
  return LoadTensor(shape, splat ? all.data() : bytes.data());
}

}  // namespace

Tensor ParseDense(std::string_view literal, const TensorType &type, int line) {
  if (literal.size() >= 4 && literal.front() == '"') {
    if (!literal.starts_with("\"0x")) BadLiteral(line, literal);
    return ParseBlob(literal.substr(3, literal.size() - 4), type, line);
  }
  std::vector<Literal> list = ParseLiterals(literal, line);
  Tensor tensor = MakeTensor(type);
  const TypeInfo &info = *FindType(type.type);
  size_t count = type.elements();
  if (list.size() != count && list.size() != 1) {
    throw ProgramError(PJRT_Error_Code_UNKNOWN, Text("line ", line, ": the constant has ", list.size(),
                                                     " elements, its type ", count));
  }
  std::visit(
      [&](auto &values) {
        using T = typename std::decay_t<decltype(values)>::value_type;
        for (size_t i = 0; i < count; ++i) values[i] = Convert<T>(info, list.size() == 1 ? list[0] : list[i]);
      },
      tensor.values);
  Normalize(&tensor);
  return tensor;
}

}  // namespace fake
