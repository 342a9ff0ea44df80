// Arrays: typed memory of the host.
#pragma once

#include "base/array_type.hpp"
#include "base/object.hpp"

namespace pje {

class Array final : public Object {
 public:
  using Handle = pje_array;
  static constexpr ObjectType kType = ObjectType::kArray;
  // What plugins need to use memory in place.
  static constexpr size_t kAlignment = 64;

  static Result<Ref<Array>> create(const ArrayType *type);
  static Result<Ref<Array>> wrap(void *data, size_t size, const ArrayType *type, pje_callback on_release,
                                 void *user_data);
  Result<Ref<Array>> reinterpret(pje_dtype dtype);

  Array(const ArrayType *type, void *data, pje_callback on_release, void *user_data) noexcept
      : type_(type), data_(data), release_(on_release), user_data_(user_data) {}
  ~Array() override;

  void *data() const noexcept { return data_; }
  size_t size() const noexcept { return type_->host_size; }
  const ArrayType *type() const noexcept { return type_; }

 private:
  const ArrayType *type_;
  void *data_;
  pje_callback release_;
  void *user_data_;
};

}  // namespace pje
