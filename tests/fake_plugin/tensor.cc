#include "tensor.hpp"

#include <cstring>

namespace fake {
namespace {

bool IsNarrowFloat(const TypeInfo &info) { return info.family == Family::kFloat && info.bits < 32; }

uint32_t LoadBits(const char *from, size_t bytes) {
  uint32_t bits = 0;
  memcpy(&bits, from, bytes);
  return bits;
}

}  // namespace

size_t TensorType::elements() const {
  size_t count = 1;
  for (int64_t dim : dims) count *= static_cast<size_t>(dim);
  return count;
}

Dims RowMajorSteps(const Dims &dims) {
  Dims steps(dims.size());
  int64_t step = 1;
  for (size_t dim = dims.size(); dim-- > 0;) {
    steps[dim] = step;
    step *= dims[dim];
  }
  return steps;
}

Tensor MakeTensor(const TensorType &type) {
  const TypeInfo &info = *FindType(type.type);
  size_t count = type.elements();
  bool is_signed = info.family == Family::kSigned;
  if (info.family == Family::kComplex) {
    if (info.bits == 64) return {type, std::vector<std::complex<float>>(count)};
    return {type, std::vector<std::complex<double>>(count)};
  }
  if (info.family == Family::kFloat) {
    if (info.bits == 64) return {type, std::vector<double>(count)};
    return {type, std::vector<float>(count)};
  }
  switch (info.bits) {
    case 16:
      return is_signed ? Tensor{type, std::vector<int16_t>(count)}
                       : Tensor{type, std::vector<uint16_t>(count)};
    case 32:
      return is_signed ? Tensor{type, std::vector<int32_t>(count)}
                       : Tensor{type, std::vector<uint32_t>(count)};
    case 64:
      return is_signed ? Tensor{type, std::vector<int64_t>(count)}
                       : Tensor{type, std::vector<uint64_t>(count)};
    default:
      return is_signed ? Tensor{type, std::vector<int8_t>(count)} : Tensor{type, std::vector<uint8_t>(count)};
  }
}

void Normalize(Tensor *tensor) {
  const TypeInfo &info = *FindType(tensor->type.type);
  if (IsNarrowFloat(info)) {
    for (float &value : std::get<std::vector<float>>(tensor->values)) {
      value = DecodeFloat(info.format, EncodeFloat(info.format, static_cast<double>(value)));
    }
  } else if (info.family == Family::kBool) {
    for (uint8_t &value : std::get<std::vector<uint8_t>>(tensor->values)) value = value != 0;
  } else if (info.bits < 8 && info.family == Family::kUnsigned) {
    for (uint8_t &value : std::get<std::vector<uint8_t>>(tensor->values)) {
      value = static_cast<uint8_t>(value & ((1U << info.bits) - 1));
    }
  } else if (info.bits < 8) {
    int range = 1 << info.bits;
    for (int8_t &value : std::get<std::vector<int8_t>>(tensor->values)) {
      int wrapped = value & (range - 1);
      value = static_cast<int8_t>(wrapped >= range / 2 ? wrapped - range : wrapped);
    }
  }
}

Tensor LoadTensor(const Shape &shape, const char *device) {
  const TypeInfo &info = *FindType(shape.type);
  Tensor tensor = MakeTensor({shape.type, shape.dims});
  Shape dense = shape.dense();
  size_t bytes = HostBytes(info);
  if (!IsNarrowFloat(info)) {
    std::visit(
        [&](auto &list) {
          UnpackFromDevice(shape, device, HostStrides(dense), reinterpret_cast<char *>(list.data()));
        },
        tensor.values);
    // A packed element comes back without its sign.
    Normalize(&tensor);
    return tensor;
  }
  std::vector<char> host(dense.host_bytes());
  UnpackFromDevice(shape, device, HostStrides(dense), host.data());
  std::vector<float> &list = std::get<std::vector<float>>(tensor.values);
  for (size_t i = 0; i < list.size(); ++i)
    list[i] = DecodeFloat(info.format, LoadBits(host.data() + i * bytes, bytes));
  return tensor;
}

void StoreTensor(const Tensor &tensor, const Shape &shape, char *device) {
  const TypeInfo &info = *FindType(shape.type);
  Shape dense = shape.dense();
  size_t bytes = HostBytes(info);
  if (!IsNarrowFloat(info)) {
    std::visit(
        [&](const auto &list) {
          PackToDevice(shape, reinterpret_cast<const char *>(list.data()), HostStrides(dense), device);
        },
        tensor.values);
    return;
  }
  std::vector<char> host(dense.host_bytes());
  const std::vector<float> &list = std::get<std::vector<float>>(tensor.values);
  for (size_t i = 0; i < list.size(); ++i) {
    uint32_t bits = EncodeFloat(info.format, static_cast<double>(list[i]));
    memcpy(host.data() + i * bytes, &bits, bytes);
  }
  PackToDevice(shape, host.data(), HostStrides(dense), device);
}

}  // namespace fake
