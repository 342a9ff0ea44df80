#include "core/array.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/dtype.hpp"
#include "base/text.hpp"
#include "base/thread_context.hpp"

namespace pje {

namespace {

// calloc gives zeroed pages that cost nothing until they are used; the address of its block is kept just
// before the aligned data.
void *allocate_zeroed(size_t size) {
  size_t extra = Array::kAlignment + sizeof(void *);
  if (size > SIZE_MAX - extra) return nullptr;
  void *block = std::calloc(1, size + extra);
  if (block == nullptr) return nullptr;
  auto start = reinterpret_cast<uintptr_t>(block) + sizeof(void *);
  auto aligned = (start + Array::kAlignment - 1) & ~uintptr_t{Array::kAlignment - 1};
  std::memcpy(reinterpret_cast<char *>(aligned) - sizeof(void *), &block, sizeof(block));
  return reinterpret_cast<void *>(aligned);
}

void free_zeroed(void *data) {
  void *block;
  std::memcpy(&block, static_cast<char *>(data) - sizeof(void *), sizeof(block));
  std::free(block);
}

void release_other(void *array) { Ref<Array>::adopt(static_cast<Array *>(array)); }

Status check_type(const ArrayType *type) {
  if (type->dtype == PJE_TOKEN)
    return invalid_argument("argument \"dtype\" is token: an array needs a type with data");
  return {};
}

}  // namespace

Array::~Array() {
  if (release_ == nullptr) return;
  CallbackScope scope;
  release_(user_data_);
}

Result<Ref<Array>> Array::create(const ArrayType *type) {
  PJE_TRY(check_type(type));
  void *data = allocate_zeroed(type->host_size);
  if (data == nullptr)
    return failure(PJE_RESOURCE_EXHAUSTED,
                   concat("no memory for ", type->text(), ", ", type->host_size, " bytes"));
  try {
    return make<Array>(type, data, free_zeroed, data);
  } catch (...) {
    free_zeroed(data);
    throw;
  }
}

Result<Ref<Array>> Array::wrap(void *data, size_t size, const ArrayType *type, pje_callback on_release,
                               void *user_data) {
  PJE_TRY(check_type(type));
  if (size < type->host_size)
    return invalid_argument(concat("argument \"size\" is ", size, " bytes: expected at least ",
                                   type->host_size, " for ", type->text()));
  if (data == nullptr && type->host_size > 0) return invalid_argument("argument \"data\" is NULL");
  return make<Array>(type, data, on_release, user_data);
}

Result<Ref<Array>> Array::reinterpret(pje_dtype dtype) {
  const DtypeInfo *mine = dtype_info(type_->dtype);
  const DtypeInfo *other = dtype_info(dtype);
  if (other == nullptr)
    return invalid_argument(
        concat("argument \"dtype\" is ", static_cast<int32_t>(dtype), ": expected a pje_dtype"));
  if (other->host_size != mine->host_size)
    return invalid_argument(concat("argument \"dtype\" is ", other->name, ", ", size_t{other->host_size},
                                   " bytes an element: ", mine->name, " has ", size_t{mine->host_size}));
  PJE_ASSIGN(const ArrayType *type, intern_array_type(dtype, type_->dims, type_->rank));
  retain();
  try {
    return make<Array>(type, data_, release_other, this);
  } catch (...) {
    release();
    throw;
  }
}

}  // namespace pje
