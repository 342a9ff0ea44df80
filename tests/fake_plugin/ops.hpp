// The operations of the interpreter.
#pragma once

#include <string_view>

#include "program.hpp"

namespace fake {

[[noreturn]] void BadOp(const Op &op, const std::string &what);

Tensor Binary(const Op &op, std::string_view name, const Tensor &a, const Tensor &b);
Tensor Unary(const Op &op, const Tensor &a);
bool IsBinary(std::string_view name);
bool IsUnary(std::string_view name);
Tensor Compare(const Op &op, const Tensor &a, const Tensor &b);
Tensor Select(const Op &op, const Tensor &which, const Tensor &yes, const Tensor &no);
Tensor Convert(const Tensor &a, const TensorType &type);

Tensor Dot(const Op &op, const Tensor &a, const Tensor &b);
Tensor Reduce(const Op &op, const Tensor &a, const Tensor &init);
Tensor Reshape(const Op &op, const Tensor &a);
Tensor Transpose(const Op &op, const Tensor &a);
Tensor BroadcastInDim(const Op &op, const Tensor &a);
Tensor Iota(const Op &op);
Tensor Concatenate(const Op &op, const std::vector<TensorPtr> &parts);
Tensor Slice(const Op &op, const Tensor &a);
// Exact sums of small integers only need the generic fold; this names the fold of a reducing op.
std::string ReducerName(const Op &op);

// A list of integers that the op must have.
const Dims &ListOf(const Op &op, const char *key);

}  // namespace fake
