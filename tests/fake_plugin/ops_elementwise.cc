#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "ops.hpp"

namespace fake {
namespace {

template <class T>
constexpr bool kComplex = !std::is_arithmetic_v<T>;

// Integer arithmetic wraps, so it is done unsigned and wide enough not to promote to int.
template <class T, class Function>
T Wrapped(T a, T b, Function function) {
  return static_cast<T>(function(static_cast<uint64_t>(a), static_cast<uint64_t>(b)));
}

template <class T>
T Divide(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    if (b == 0) return static_cast<T>(-1);
    if constexpr (std::is_signed_v<T>) {
      if (b == -1) return Wrapped(T{0}, a, [](uint64_t x, uint64_t y) { return x - y; });
    }
    return static_cast<T>(a / b);
  } else {
    return a / b;
  }
}

template <class T>
T Larger(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a)) return a;
  }
  return a >= b ? a : b;
}

template <class T>
T Smaller(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a)) return a;
  }
  return a <= b ? a : b;
}

template <class T>
using BinaryFunction = T (*)(T, T);

template <class T>
struct BinaryRow {
  std::string_view name;
  BinaryFunction<T> function;
};

template <class T>
BinaryFunction<T> FindIn(std::string_view name, std::initializer_list<BinaryRow<T>> rows) {
  for (const BinaryRow<T> &row : rows) {
    if (row.name == name) return row.function;
  }
  return nullptr;
}

template <class T>
BinaryFunction<T> FindBinary(std::string_view name) {
  if constexpr (kComplex<T>) {
    return FindIn<T>(name, {{"stablehlo.add", [](T a, T b) { return a + b; }},
                            {"stablehlo.subtract", [](T a, T b) { return a - b; }},
                            {"stablehlo.multiply", [](T a, T b) { return a * b; }},
                            {"stablehlo.divide", [](T a, T b) { return a / b; }}});
  } else if constexpr (std::is_floating_point_v<T>) {
    return FindIn<T>(name, {{"stablehlo.add", [](T a, T b) { return a + b; }},
                            {"stablehlo.subtract", [](T a, T b) { return a - b; }},
                            {"stablehlo.multiply", [](T a, T b) { return a * b; }},
                            {"stablehlo.divide", Divide<T>},
                            {"stablehlo.maximum", Larger<T>},
                            {"stablehlo.minimum", Smaller<T>},
                            {"stablehlo.power", [](T a, T b) { return std::pow(a, b); }}});
  } else {
    return FindIn<T>(name,
                     {{"stablehlo.add",
                       [](T a, T b) { return Wrapped(a, b, [](uint64_t x, uint64_t y) { return x + y; }); }},
                      {"stablehlo.subtract",
                       [](T a, T b) { return Wrapped(a, b, [](uint64_t x, uint64_t y) { return x - y; }); }},
                      {"stablehlo.multiply",
                       [](T a, T b) { return Wrapped(a, b, [](uint64_t x, uint64_t y) { return x * y; }); }},
                      {"stablehlo.divide", Divide<T>},
                      {"stablehlo.maximum", Larger<T>},
                      {"stablehlo.minimum", Smaller<T>},
                      {"stablehlo.and", [](T a, T b) { return static_cast<T>(a & b); }},
                      {"stablehlo.or", [](T a, T b) { return static_cast<T>(a | b); }},
                      {"stablehlo.xor", [](T a, T b) { return static_cast<T>(a ^ b); }}});
  }
}

template <class T>
using UnaryFunction = T (*)(T);

template <class T>
UnaryFunction<T> FindUnary(std::string_view name) {
  struct Row {
    std::string_view name;
    UnaryFunction<T> function;
  };
  auto find = [name](std::initializer_list<Row> rows) -> UnaryFunction<T> {
    for (const Row &row : rows) {
      if (row.name == name) return row.function;
    }
    return nullptr;
  };
  if constexpr (std::is_integral_v<T>) {
    return find({{"stablehlo.negate",
                  [](T a) { return Wrapped(T{0}, a, [](uint64_t x, uint64_t y) { return x - y; }); }},
                 {"stablehlo.abs", [](T a) { return a < 0 ? static_cast<T>(-a) : a; }},
                 {"stablehlo.not", [](T a) { return static_cast<T>(~a); }}});
  } else if constexpr (kComplex<T>) {
    return find({{"stablehlo.negate", [](T a) { return -a; }},
                 {"stablehlo.exponential", [](T a) { return std::exp(a); }}});
  } else {
    return find({{"stablehlo.negate", [](T a) { return -a; }},
                 {"stablehlo.abs", [](T a) { return std::fabs(a); }},
                 {"stablehlo.exponential", [](T a) { return std::exp(a); }},
                 {"stablehlo.log", [](T a) { return std::log(a); }},
                 {"stablehlo.tanh", [](T a) { return std::tanh(a); }},
                 {"stablehlo.sqrt", [](T a) { return std::sqrt(a); }},
                 {"stablehlo.rsqrt", [](T a) { return 1 / std::sqrt(a); }},
                 {"stablehlo.sine", [](T a) { return std::sin(a); }},
                 {"stablehlo.cosine", [](T a) { return std::cos(a); }},
                 {"stablehlo.floor", [](T a) { return std::floor(a); }},
                 {"stablehlo.logistic", [](T a) { return 1 / (1 + std::exp(-a)); }}});
  }
}

template <class To, class From>
To CastOne(From value) {
  if constexpr (kComplex<From>) {
    if constexpr (kComplex<To>) {
      return To(static_cast<typename To::value_type>(value.real()),
                static_cast<typename To::value_type>(value.imag()));
    } else {
      return CastOne<To>(value.real());
    }
  } else if constexpr (kComplex<To>) {
    return To(static_cast<typename To::value_type>(value));
  } else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>) {
    // Out of range is undefined in C++; XLA saturates.
    if (std::isnan(value)) return To{0};
    if (value >= static_cast<From>(std::numeric_limits<To>::max())) return std::numeric_limits<To>::max();
    if (value <= static_cast<From>(std::numeric_limits<To>::min())) return std::numeric_limits<To>::min();
    return static_cast<To>(value);
  } else {
    return static_cast<To>(value);
  }
}

constexpr std::string_view kBinary[] = {
    "stablehlo.add",     "stablehlo.subtract", "stablehlo.multiply", "stablehlo.divide", "stablehlo.maximum",
    "stablehlo.minimum", "stablehlo.power",    "stablehlo.and",      "stablehlo.or",     "stablehlo.xor"};
constexpr std::string_view kUnary[] = {"stablehlo.negate", "stablehlo.abs",      "stablehlo.exponential",
                                       "stablehlo.log",    "stablehlo.tanh",     "stablehlo.sqrt",
                                       "stablehlo.rsqrt",  "stablehlo.sine",     "stablehlo.cosine",
                                       "stablehlo.floor",  "stablehlo.logistic", "stablehlo.not"};

template <class T>
bool CompareOne(std::string_view direction, T a, T b) {
  if (direction == "EQ") return a == b;
  if (direction == "NE") return a != b;
  if constexpr (!kComplex<T>) {
    if (direction == "LT") return a < b;
    if (direction == "LE") return a <= b;
    if (direction == "GT") return a > b;
    if (direction == "GE") return a >= b;
  }
  return false;
}

}  // namespace

void BadOp(const Op &op, const std::string &what) {
  throw ProgramError(PJRT_Error_Code_INVALID_ARGUMENT, Text("line ", op.line, ": ", op.name, ": ", what));
}

bool IsBinary(std::string_view name) {
  return std::find(std::begin(kBinary), std::end(kBinary), name) != std::end(kBinary);
}
bool IsUnary(std::string_view name) {
  return std::find(std::begin(kUnary), std::end(kUnary), name) != std::end(kUnary);
}
bool IsElementwise(std::string_view name) { return IsBinary(name) || IsUnary(name); }

Tensor Binary(const Op &op, std::string_view name, const Tensor &a, const Tensor &b) {
  if (a.type != b.type) BadOp(op, "the operands have different types");
  Tensor result = MakeTensor(a.type);
  std::visit(
      [&](auto &out) {
        using List = std::decay_t<decltype(out)>;
        using T = typename List::value_type;
        BinaryFunction<T> function = FindBinary<T>(name);
        if (function == nullptr) BadOp(op, "not defined for this element type");
        const List &x = std::get<List>(a.values);
        const List &y = std::get<List>(b.values);
        for (size_t i = 0; i < out.size(); ++i) out[i] = function(x[i], y[i]);
      },
      result.values);
  Normalize(&result);
  return result;
}

Tensor Unary(const Op &op, const Tensor &a) {
  Tensor result = MakeTensor(a.type);
  bool flips_bool = op.name == "stablehlo.not" && a.type.type == PJRT_Buffer_Type_PRED;
  std::visit(
      [&](auto &out) {
        using List = std::decay_t<decltype(out)>;
        using T = typename List::value_type;
        UnaryFunction<T> function = FindUnary<T>(op.name);
        if (function == nullptr) BadOp(op, "not defined for this element type");
        const List &x = std::get<List>(a.values);
        for (size_t i = 0; i < out.size(); ++i)
          out[i] = flips_bool ? T(x[i] == T(0) ? 1 : 0) : function(x[i]);
      },
      result.values);
  Normalize(&result);
  return result;
}

Tensor Compare(const Op &op, const Tensor &a, const Tensor &b) {
  if (a.type != b.type || op.words.empty()) BadOp(op, "needs a direction and two operands of one type");
  Tensor result = MakeTensor({PJRT_Buffer_Type_PRED, a.type.dims});
  std::vector<uint8_t> &out = std::get<std::vector<uint8_t>>(result.values);
  std::visit(
      [&](const auto &x) {
        const auto &y = std::get<std::decay_t<decltype(x)>>(b.values);
        for (size_t i = 0; i < out.size(); ++i) out[i] = CompareOne(op.words[0], x[i], y[i]);
      },
      a.values);
  return result;
}

Tensor Select(const Op &op, const Tensor &which, const Tensor &yes, const Tensor &no) {
  bool scalar = which.type.dims.empty();
  if (yes.type != no.type || which.type.type != PJRT_Buffer_Type_PRED ||
      (!scalar && which.type.dims != yes.type.dims)) {
    BadOp(op, "the operands do not fit together");
  }
  Tensor result = MakeTensor(yes.type);
  const std::vector<uint8_t> &choice = std::get<std::vector<uint8_t>>(which.values);
  std::visit(
      [&](auto &out) {
        using List = std::decay_t<decltype(out)>;
        const List &x = std::get<List>(yes.values);
        const List &y = std::get<List>(no.values);
        for (size_t i = 0; i < out.size(); ++i) out[i] = choice[scalar ? 0 : i] != 0 ? x[i] : y[i];
      },
      result.values);
  return result;
}

Tensor Convert(const Tensor &a, const TensorType &type) {
  Tensor result = MakeTensor(type);
  bool to_bool = type.type == PJRT_Buffer_Type_PRED;
  std::visit(
      [&](const auto &in, auto &out) {
        using From = typename std::decay_t<decltype(in)>::value_type;
        using To = typename std::decay_t<decltype(out)>::value_type;
        for (size_t i = 0; i < out.size(); ++i)
          out[i] = to_bool ? To(in[i] != From(0) ? 1 : 0) : CastOne<To>(in[i]);
      },
      a.values, result.values);
  Normalize(&result);
  return result;
}

}  // namespace fake
