#include <algorithm>
#include <type_traits>

#include "ops.hpp"

namespace fake {
namespace {

const TensorType &ResultType(const Op &op) {
  if (op.result_types.size() != 1) BadOp(op, "must have one result");
  return op.result_types[0];
}

void CheckAxes(const Op &op, const Dims &axes, size_t rank) {
  for (int64_t axis : axes) {
    if (axis < 0 || axis >= static_cast<int64_t>(rank))
      BadOp(op, Text("dimension ", axis, " is out of range"));
  }
}

// Picks elements of `a` into the result by an offset and a step per dimension of the result.
Tensor Gather(const Tensor &a, const TensorType &type, const Dims &steps, int64_t offset) {
  Tensor result = MakeTensor(type);
  std::visit(
      [&](auto &out) {
        const auto &in = std::get<std::decay_t<decltype(out)>>(a.values);
        Walk(type.dims, steps, offset, [&](size_t element, size_t from) { out[element] = in[from]; });
      },
      result.values);
  return result;
}

struct DotPlan {
  Dims batch_dims, lhs_free_dims, rhs_free_dims, inner_dims;
  Dims lhs_batch, rhs_batch, lhs_free, rhs_free, lhs_inner, rhs_inner;
};

Dims Optional(const Op &op, const std::string &key) {
  auto found = op.lists.find(key);
  return found == op.lists.end() ? Dims() : found->second;
}

void Pair(const Op &op, const Tensor &a, const Tensor &b, const Dims &left, const Dims &right, Dims *dims,
          Dims *lhs, Dims *rhs) {
  CheckAxes(op, left, a.type.dims.size());
  CheckAxes(op, right, b.type.dims.size());
  if (left.size() != right.size()) BadOp(op, "the dimension lists differ in length");
  Dims lhs_steps = RowMajorSteps(a.type.dims);
  Dims rhs_steps = RowMajorSteps(b.type.dims);
  for (size_t i = 0; i < left.size(); ++i) {
    size_t l = static_cast<size_t>(left[i]);
    size_t r = static_cast<size_t>(right[i]);
    if (a.type.dims[l] != b.type.dims[r]) BadOp(op, "dimensions that belong together differ");
    dims->push_back(a.type.dims[l]);
    lhs->push_back(lhs_steps[l]);
    rhs->push_back(rhs_steps[r]);
  }
}

void Free(const Tensor &tensor, const Dims &used, Dims *dims, Dims *steps) {
  Dims all = RowMajorSteps(tensor.type.dims);
  for (size_t axis = 0; axis < all.size(); ++axis) {
    if (std::find(used.begin(), used.end(), static_cast<int64_t>(axis)) != used.end()) continue;
    dims->push_back(tensor.type.dims[axis]);
    steps->push_back(all[axis]);
  }
}

std::vector<size_t> Offsets(const Dims &dims, const Dims &steps) {
  std::vector<size_t> offsets;
  Walk(dims, steps, 0, [&](size_t, size_t offset) { offsets.push_back(offset); });
  return offsets;
}

template <class T>
struct AccumulatorOf {
  using type = std::conditional_t<std::is_integral_v<T>, uint64_t,
                                  std::conditional_t<std::is_arithmetic_v<T>, double, std::complex<double>>>;
};

template <class T>
typename AccumulatorOf<T>::type Widen(T value) {
  return static_cast<typename AccumulatorOf<T>::type>(value);
}

template <class List>
void Contract(const DotPlan &plan, const List &x, const List &y, Tensor *result) {
  using T = typename List::value_type;
  List &out = std::get<List>(result->values);
  std::vector<size_t> lhs_batch = Offsets(plan.batch_dims, plan.lhs_batch);
  std::vector<size_t> rhs_batch = Offsets(plan.batch_dims, plan.rhs_batch);
  std::vector<size_t> lhs_free = Offsets(plan.lhs_free_dims, plan.lhs_free);
  std::vector<size_t> rhs_free = Offsets(plan.rhs_free_dims, plan.rhs_free);
  std::vector<size_t> lhs_inner = Offsets(plan.inner_dims, plan.lhs_inner);
  std::vector<size_t> rhs_inner = Offsets(plan.inner_dims, plan.rhs_inner);
  size_t next = 0;
  for (size_t batch = 0; batch < lhs_batch.size(); ++batch) {
    for (size_t l : lhs_free) {
      for (size_t r : rhs_free) {
        typename AccumulatorOf<T>::type sum{};
        for (size_t i = 0; i < lhs_inner.size(); ++i) {
          sum +=
              Widen(x[lhs_batch[batch] + l + lhs_inner[i]]) * Widen(y[rhs_batch[batch] + r + rhs_inner[i]]);
        }
        out[next++] = static_cast<T>(sum);
      }
    }
  }
}

}  // namespace

const Dims &ListOf(const Op &op, const char *key) {
  auto found = op.lists.find(key);
  if (found == op.lists.end()) BadOp(op, Text("needs ", key, " = […]"));
  return found->second;
}

std::string ReducerName(const Op &op) {
  if (!op.regions.empty() && !op.regions[0].ops.empty()) return op.regions[0].ops[0].name;
  if (op.words.empty()) BadOp(op, "needs a reducing operation");
  return op.words[0];
}

Tensor Dot(const Op &op, const Tensor &a, const Tensor &b) {
  Dims lhs_inner = Optional(op, "contracting_dims");
  Dims rhs_inner = Optional(op, "contracting_dims.rhs");
  if (op.name == "stablehlo.dot") {
    if (a.type.dims.empty() || b.type.dims.empty()) BadOp(op, "the operands must not be scalars");
    lhs_inner = {static_cast<int64_t>(a.type.dims.size()) - 1};
    rhs_inner = {0};
  }
  Dims lhs_batch = Optional(op, "batching_dims");
  Dims rhs_batch = Optional(op, "batching_dims.rhs");
  DotPlan plan;
  Pair(op, a, b, lhs_batch, rhs_batch, &plan.batch_dims, &plan.lhs_batch, &plan.rhs_batch);
  Pair(op, a, b, lhs_inner, rhs_inner, &plan.inner_dims, &plan.lhs_inner, &plan.rhs_inner);
  lhs_inner.insert(lhs_inner.end(), lhs_batch.begin(), lhs_batch.end());
  rhs_inner.insert(rhs_inner.end(), rhs_batch.begin(), rhs_batch.end());
  Free(a, lhs_inner, &plan.lhs_free_dims, &plan.lhs_free);
  Free(b, rhs_inner, &plan.rhs_free_dims, &plan.rhs_free);
  TensorType type{a.type.type, plan.batch_dims};
  type.dims.insert(type.dims.end(), plan.lhs_free_dims.begin(), plan.lhs_free_dims.end());
  type.dims.insert(type.dims.end(), plan.rhs_free_dims.begin(), plan.rhs_free_dims.end());
  if (type.dims != ResultType(op).dims || a.values.index() != b.values.index())
    BadOp(op, "the result type does not fit the operands");
  // The sum is rounded once, to the type of the result.
  TensorType wide = type;
  if (FindType(type.type)->family == Family::kFloat && FindType(type.type)->bits < 32)
    wide.type = PJRT_Buffer_Type_F32;
  Tensor result = MakeTensor(wide);
  std::visit(
      [&](const auto &x) { Contract(plan, x, std::get<std::decay_t<decltype(x)>>(b.values), &result); },
      a.values);
  return Convert(result, ResultType(op));
}

Tensor Reduce(const Op &op, const Tensor &a, const Tensor &init) {
  const Dims &axes = ListOf(op, "dimensions");
  CheckAxes(op, axes, a.type.dims.size());
  Tensor result = MakeTensor(ResultType(op));
  if (result.values.index() != a.values.index() || init.values.index() != a.values.index())
    BadOp(op, "the types differ");
  Dims kept_dims, kept_steps, gone_dims, gone_steps;
  Free(a, axes, &kept_dims, &kept_steps);
  Dims steps = RowMajorSteps(a.type.dims);
  for (int64_t axis : axes) {
    gone_dims.push_back(a.type.dims[static_cast<size_t>(axis)]);
    gone_steps.push_back(steps[static_cast<size_t>(axis)]);
  }
  if (kept_dims != result.type.dims) BadOp(op, "the result type does not fit the operand");
  std::string name = ReducerName(op);
  // Row by row over what is reduced: each step folds one slice into the whole result.
  std::visit(
      [&](auto &out) {
        std::fill(out.begin(), out.end(), std::get<std::decay_t<decltype(out)>>(init.values).at(0));
      },
      result.values);
  for (size_t offset : Offsets(gone_dims, gone_steps)) {
    Tensor slice = Gather(a, result.type, kept_steps, static_cast<int64_t>(offset));
    result = Binary(op, name, result, slice);
  }
  return result;
}

Tensor Reshape(const Op &op, const Tensor &a) {
  const TensorType &type = ResultType(op);
  if (type.type != a.type.type || type.elements() != a.type.elements())
    BadOp(op, "the element counts differ");
  return {type, a.values};
}

Tensor Transpose(const Op &op, const Tensor &a) {
  auto named = op.lists.find("permutation");
  const Dims &order = named != op.lists.end() ? named->second : ListOf(op, "dims");
  CheckAxes(op, order, a.type.dims.size());
  if (order.size() != a.type.dims.size()) BadOp(op, "the permutation does not fit the operand");
  Dims steps = RowMajorSteps(a.type.dims);
  TensorType type{a.type.type, {}};
  Dims picked;
  for (int64_t axis : order) {
    type.dims.push_back(a.type.dims[static_cast<size_t>(axis)]);
    picked.push_back(steps[static_cast<size_t>(axis)]);
  }
  if (type != ResultType(op)) BadOp(op, "the result type does not fit the operand");
  return Gather(a, type, picked, 0);
}

Tensor BroadcastInDim(const Op &op, const Tensor &a) {
  const TensorType &type = ResultType(op);
  auto named = op.lists.find("broadcast_dimensions");
  const Dims &axes = named != op.lists.end() ? named->second : ListOf(op, "dims");
  CheckAxes(op, axes, type.dims.size());
  if (axes.size() != a.type.dims.size() || type.type != a.type.type) BadOp(op, "dims do not fit the operand");
  Dims steps(type.dims.size(), 0);
  Dims own = RowMajorSteps(a.type.dims);
  for (size_t i = 0; i < axes.size(); ++i) {
    size_t axis = static_cast<size_t>(axes[i]);
    if (a.type.dims[i] == 1) continue;
    if (a.type.dims[i] != type.dims[axis]) BadOp(op, "a broadcast dimension has another size");
    steps[axis] = own[i];
  }
  return Gather(a, type, steps, 0);
}

Tensor Iota(const Op &op) {
  const TensorType &type = ResultType(op);
  auto named = op.lists.find("iota_dimension");
  const Dims &axis = named != op.lists.end() ? named->second : ListOf(op, "dim");
  CheckAxes(op, axis, type.dims.size());
  Dims steps(type.dims.size(), 0);
  steps.at(static_cast<size_t>(axis.at(0))) = 1;
  Tensor numbers = MakeTensor({PJRT_Buffer_Type_S64, type.dims});
  std::vector<int64_t> &list = std::get<std::vector<int64_t>>(numbers.values);
  Walk(type.dims, steps, 0,
       [&](size_t element, size_t index) { list[element] = static_cast<int64_t>(index); });
  return Convert(numbers, type);
}

Tensor Concatenate(const Op &op, const std::vector<TensorPtr> &parts) {
  const TensorType &type = ResultType(op);
  auto named = op.lists.find("dimension");
  const Dims &axes = named != op.lists.end() ? named->second : ListOf(op, "dim");
  CheckAxes(op, axes, type.dims.size());
  size_t axis = static_cast<size_t>(axes.at(0));
  Tensor result = MakeTensor(type);
  Dims steps = RowMajorSteps(type.dims);
  int64_t start = 0;
  for (const TensorPtr &part : parts) {
    Dims expected = type.dims;
    expected[axis] = part->type.dims.size() > axis ? part->type.dims[axis] : -1;
    if (part->type.dims != expected || part->type.type != type.type ||
        start + expected[axis] > type.dims[axis]) {
      BadOp(op, "an operand does not fit the result");
    }
    std::visit(
        [&](auto &out) {
          const auto &in = std::get<std::decay_t<decltype(out)>>(part->values);
          Walk(part->type.dims, steps, start * steps[axis],
               [&](size_t element, size_t to) { out[to] = in[element]; });
        },
        result.values);
    start += expected[axis];
  }
  return result;
}

Tensor Slice(const Op &op, const Tensor &a) {
  const TensorType &type = ResultType(op);
  const Dims &start = ListOf(op, "start");
  const Dims &limit = ListOf(op, "limit");
  const Dims &stride = ListOf(op, "stride");
  Dims steps = RowMajorSteps(a.type.dims);
  int64_t offset = 0;
  if (start.size() != steps.size() || type.dims.size() != steps.size())
    BadOp(op, "the ranges do not fit the operand");
  for (size_t axis = 0; axis < steps.size(); ++axis) {
    bool sound = start[axis] >= 0 && start[axis] <= limit[axis] && limit[axis] <= a.type.dims[axis] &&
                 stride[axis] > 0;
    if (!sound || type.dims[axis] != (limit[axis] - start[axis] + stride[axis] - 1) / stride[axis]) {
      BadOp(op, "a range does not fit the operand");
    }
    offset += start[axis] * steps[axis];
    steps[axis] *= stride[axis];
  }
  return Gather(a, type, steps, offset);
}

}  // namespace fake
