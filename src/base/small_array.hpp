// An array of run-time size that lives on the stack while it is small.
#pragma once

#include <cstddef>

// The hardened build zeroes local variables; for large scratch memory that is most of the cost of a small
// call.
#if defined(__clang__)
#define PJE_UNINITIALIZED [[clang::uninitialized]]
#else
#define PJE_UNINITIALIZED [[gnu::uninitialized]]
#endif

namespace pje {

template <class T, size_t N>
class SmallArray {
 public:
  explicit SmallArray(size_t size) : size_(size), data_(size > N ? new T[size]() : small_) {}
  ~SmallArray() {
    if (data_ != small_) [[unlikely]]
      delete[] data_;
  }
  SmallArray(const SmallArray &) = delete;
  SmallArray &operator=(const SmallArray &) = delete;
  T *data() noexcept { return data_; }
  const T *data() const noexcept { return data_; }
  size_t size() const noexcept { return size_; }
  T &operator[](size_t i) noexcept { return data()[i]; }
  const T &operator[](size_t i) const noexcept { return data()[i]; }
  T *begin() noexcept { return data(); }
  T *end() noexcept { return data() + size_; }

 private:
  size_t size_;
  T *data_;
  // Not initialized on purpose for plain types: only the first `size_` are ever read, after they were
  // written.
  T small_[N];
};

}  // namespace pje
