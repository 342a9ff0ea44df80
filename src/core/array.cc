#include "core/array.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>

#include "base/dtype.hpp"
#include "base/text.hpp"
#include "base/thread_context.hpp"

namespace pje {

namespace {

// Larger arrays get pages of their own, which the system zeroes when they are first touched. Smaller ones
// come from the heap, where memory that was used before is at hand.
constexpr size_t kMapFrom = size_t{4} << 20;

Status check_host_form(const ArrayType &type) {
  if (dtype_info(type.dtype)->host_size > 0) return {};
  return invalid_argument(
      concat("argument \"dtype\" is ", dtype_info(type.dtype)->name, ": it has no form in host memory"));
}

}  // namespace

Status Array::allocate() {
  if (size() >= kMapFrom) {
    void *pages = mmap(nullptr, size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages != MAP_FAILED) {
      data_ = allocation_ = pages;
      mapped_size_ = size();
    }
  } else {
    // Not calloc with room to spare: whoever writes past the end should meet the end of the allocation.
    if (posix_memalign(&allocation_, kAlignment, size() == 0 ? 1 : size()) != 0) allocation_ = nullptr;
    if (allocation_ != nullptr) std::memset(allocation_, 0, size());
    data_ = allocation_;
  }
  if (data_ != nullptr) return {};
  return failure(PJE_RESOURCE_EXHAUSTED, concat("no memory for ", type_->text(), ", ", size(), " bytes"));
}

Result<Ref<Array>> Array::create(const ArrayType *type) {
  PJE_TRY(check_host_form(*type));
  Ref<Array> array = make<Array>(type->plain);
  PJE_TRY(array->allocate());
  return array;
}

Result<Ref<Array>> Array::wrap(void *data, size_t size, const ArrayType *type, pje_callback release,
                               void *user_data) {
  PJE_TRY(check_host_form(*type));
  if (size < type->host_size)
    return invalid_argument(concat("argument \"size\" is ", size, " bytes: expected at least ",
                                   type->host_size, " for ", type->text()));
  if (data == nullptr && type->host_size > 0)
    return invalid_argument(concat("argument \"data\" is NULL: expected ", type->host_size, " bytes"));
  Ref<Array> array = make<Array>(type);
  array->data_ = data;
  array->release_ = release;
  array->release_data_ = user_data;
  return array;
}

Array::~Array() {
  if (mapped_size_ > 0)
    munmap(allocation_, mapped_size_);
  else
    std::free(allocation_);
  if (release_ == nullptr) return;
  CallbackScope scope;
  release_(release_data_);
}

Result<Ref<Array>> Array::reinterpret(pje_dtype dtype) {
  PJE_ASSIGN(const ArrayType *type, intern_array_type(dtype, type_->dims, type_->rank));
  PJE_TRY(check_host_form(*type));
  size_t from = dtype_info(type_->dtype)->host_size;
  size_t to = dtype_info(dtype)->host_size;
  if (from != to)
    return invalid_argument(concat("argument \"dtype\" is ", dtype_info(dtype)->name, " with ", to,
                                   " bytes an element: expected ", from, " as in ", type_->text()));
  Ref<Array> array = make<Array>(type);
  array->data_ = data_;
  array->owner_ = Ref<Array>::share(this);
  return array;
}

}  // namespace pje
