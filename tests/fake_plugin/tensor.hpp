// Values of the interpreter: dense, row-major, in a type that C++ computes with.
#pragma once

#include <complex>
#include <memory>
#include <variant>
#include <vector>

#include "buffer.hpp"

namespace fake {

// Narrow floats are held as float, sub-byte integers and booleans in a byte; Normalize() rounds and wraps.
using Values =
    std::variant<std::vector<uint8_t>, std::vector<int8_t>, std::vector<int16_t>, std::vector<int32_t>,
                 std::vector<int64_t>, std::vector<uint16_t>, std::vector<uint32_t>, std::vector<uint64_t>,
                 std::vector<float>, std::vector<double>, std::vector<std::complex<float>>,
                 std::vector<std::complex<double>>>;

struct TensorType {
  PJRT_Buffer_Type type = PJRT_Buffer_Type_INVALID;
  Dims dims;
  bool operator==(const TensorType &) const = default;
  size_t elements() const;
};

struct Tensor {
  TensorType type;
  Values values;
};
using TensorPtr = std::shared_ptr<const Tensor>;

// Zeroes of the right alternative.
Tensor MakeTensor(const TensorType &type);
void Normalize(Tensor *tensor);
Tensor LoadTensor(const Shape &shape, const char *device);
void StoreTensor(const Tensor &tensor, const Shape &shape, char *device);
Dims RowMajorSteps(const Dims &dims);

// Walks `dims` in row-major order and yields the offset that `steps` give.
template <class Visit>
void Walk(const Dims &dims, const Dims &steps, int64_t offset, Visit visit) {
  size_t count = 1;
  for (int64_t dim : dims) count *= static_cast<size_t>(dim);
  Dims index(dims.size(), 0);
  for (size_t element = 0; element < count; ++element) {
    visit(element, static_cast<size_t>(offset));
    for (size_t dim = dims.size(); dim-- > 0;) {
      offset += steps[dim];
      if (++index[dim] < dims[dim]) break;
      offset -= steps[dim] * dims[dim];
      index[dim] = 0;
    }
  }
}

}  // namespace fake
