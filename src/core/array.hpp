// Arrays: typed, dense, row-major memory of the host.
#pragma once

#include <cstddef>

#include "base/array_type.hpp"
#include "base/object.hpp"
#include "base/status.hpp"
#include "pjrt_easy/types.h"

namespace pje {

class Array final : public Object {
 public:
  using Handle = pje_array;
  static constexpr ObjectType kType = ObjectType::kArray;
  static constexpr size_t kAlignment = 64;

  // Zeros. INVALID_ARGUMENT for a type without host data, RESOURCE_EXHAUSTED.
  static Result<Ref<Array>> create(const ArrayType *type);
  // Memory of the caller, given back through `release` (may be NULL). When this fails `release` never runs.
  static Result<Ref<Array>> wrap(void *data, size_t size, const ArrayType *type, pje_callback release,
                                 void *user_data);
  ~Array() override;

  // The same memory under another element type of the same host size.
  Result<Ref<Array>> reinterpret(pje_dtype dtype);

  void *data() const noexcept { return data_; }
  const ArrayType *type() const noexcept { return type_; }
  size_t size() const noexcept { return type_->host_size; }

 private:
  template <class T, class... Args>
  friend Ref<T> pje::make(Args &&...args);
  explicit Array(const ArrayType *type) noexcept : type_(type) {}
  Status allocate();

  const ArrayType *type_;
  void *data_ = nullptr;
  void *allocation_ = nullptr;
  size_t mapped_size_ = 0;
  pje_callback release_ = nullptr;
  void *release_data_ = nullptr;
  Ref<Array> owner_;
};

}  // namespace pje
