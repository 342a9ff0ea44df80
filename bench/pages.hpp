// Host memory whose pages are known to be new, or known not to be.
#pragma once

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <memory>

namespace bench {

inline constexpr size_t kMiB = size_t{1} << 20;

struct Size {
  size_t bytes;
  const char *name;
};
inline constexpr Size kSizes[] = {{16, "16 B"}, {kMiB, "1 MiB"}, {64 * kMiB, "64 MiB"}};

// Pages of its own, so that what is fresh is known to be so.
class Pages {
 public:
  explicit Pages(size_t size)
      : size_(size), data_(mmap(nullptr, size, PROT_READ | PROT_WRITE, kFlags, -1, 0)) {
    if (data_ == MAP_FAILED) std::abort();
  }
  ~Pages() { munmap(data_, size_); }
  Pages(const Pages &) = delete;
  Pages &operator=(const Pages &) = delete;
  void *data() const { return data_; }
  void touch() const { std::memset(data_, 1, size_); }

 private:
  static constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS;
  size_t size_;
  void *data_;
};
using PagesPtr = std::shared_ptr<Pages>;

inline PagesPtr warm_pages(size_t size) {
  auto pages = std::make_shared<Pages>(size);
  pages->touch();
  return pages;
}

}  // namespace bench
