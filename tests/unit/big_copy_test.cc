#include "base/big_copy.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace {

constexpr size_t kKiB = size_t{1} << 10;
constexpr size_t kMiB = size_t{1} << 20;

// Pages that do not exist before they are written.
class Fresh {
 public:
  explicit Fresh(size_t size)
      : size_(size),
        bytes_(static_cast<unsigned char *>(
            mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    if (bytes_ == MAP_FAILED) std::abort();
  }
  ~Fresh() { munmap(bytes_, size_); }
  Fresh(const Fresh &) = delete;
  Fresh &operator=(const Fresh &) = delete;
  unsigned char *bytes() const { return bytes_; }

 private:
  size_t size_;
  unsigned char *bytes_;
};

std::vector<unsigned char> numbers(size_t size) {
  std::vector<unsigned char> made(size);
  uint32_t state = 1;
  for (unsigned char &byte : made) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<unsigned char>(state >> 24);
  }
  return made;
}

struct Range {
  size_t offset;
  size_t size;
};

void expect_copied(unsigned char *memory, size_t memory_size, const std::vector<unsigned char> &from,
                   const Range &range) {
  pje::copy_big(memory + range.offset, from.data(), range.size);
  EXPECT_EQ(std::memcmp(memory + range.offset, from.data(), range.size), 0);
  size_t end = range.offset + range.size;
  for (size_t i = range.offset > 16 ? range.offset - 16 : 0; i < range.offset; ++i)
    EXPECT_EQ(memory[i], 0) << "byte " << i << " before the target";
  for (size_t i = end; i < std::min(end + 16, memory_size); ++i)
    EXPECT_EQ(memory[i], 0) << "byte " << i << " behind the target";
}

constexpr size_t kMemory = 24 * kMiB;
// Of every way that a copy is done: small, in pieces, with huge pages; at and between their borders.
constexpr Range kRanges[] = {{0, 1},
                             {100, 3000},
                             {0, 256 * kKiB},
                             {4096 + 1, 300 * kKiB + 7},
                             {0, kMiB},
                             {0, 4 * kMiB},
                             {1, 4 * kMiB},
                             {2 * kMiB - 1, 4 * kMiB + 1},
                             {2 * kMiB, 2 * kMiB},
                             {2 * kMiB + 4096, 6 * kMiB - 4096},
                             {3 * kMiB + 12345, 9 * kMiB + 54321},
                             {0, 24 * kMiB}};

TEST(BigCopy, FreshMemory) {
  std::vector<unsigned char> from = numbers(kMemory);
  for (const Range &range : kRanges) {
    SCOPED_TRACE(testing::Message() << range.size << " bytes at " << range.offset);
    Fresh memory(kMemory);
    expect_copied(memory.bytes(), kMemory, from, range);
  }
}

TEST(BigCopy, MemoryInUse) {
  std::vector<unsigned char> from = numbers(kMemory);
  for (const Range &range : kRanges) {
    SCOPED_TRACE(testing::Message() << range.size << " bytes at " << range.offset);
    std::vector<unsigned char> memory(kMemory);
    expect_copied(memory.data(), kMemory, from, range);
  }
}

TEST(BigCopy, FreshMemoryBeginsAnywhereInAHugePage) {
  std::vector<unsigned char> from = numbers(6 * kMiB);
  for (size_t offset = 0; offset < 2 * kMiB; offset += 256 * kKiB) {
    SCOPED_TRACE(testing::Message() << "at " << offset);
    Fresh memory(10 * kMiB);
    expect_copied(memory.bytes(), 10 * kMiB, from, {offset, 6 * kMiB});
  }
}

}  // namespace
