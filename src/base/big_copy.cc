#include "base/big_copy.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <thread>

#include "base/one_shot.hpp"
#include "base/workers.hpp"

// Linux 5.14; older systems refuse it, and the pages come one by one.
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

namespace pje {

namespace {

// Memory that exists already is copied by one thread up to here: waking another takes as long as copying
// this.
constexpr size_t kWarmAlone = size_t{4} << 20;
constexpr size_t kMinPiece = size_t{256} << 10;
constexpr size_t kMaxPiece = size_t{2} << 20;
constexpr size_t kMaxHelpers = 3;
// From here on there are whole huge pages in the target, which are made in a third of the time of small ones.
constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kWithHugePages = 2 * kHugePage;

size_t page_size() noexcept {
  static const auto size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

// Whether the page at an address does not exist yet. What cannot be told exists.
bool is_missing(uintptr_t address) noexcept {
  unsigned char resident = 1;
  int before = errno;
  bool told = mincore(reinterpret_cast<void *>(address & ~(page_size() - 1)), 1, &resident) == 0;
  errno = before;
  return told && (resident & 1) == 0;
}

// Memory is mostly all new or all used: three places tell.
bool looks_fresh(const void *to, size_t size) noexcept {
  auto first = reinterpret_cast<uintptr_t>(to);
  return is_missing(first + size - 1) && is_missing(first + size / 2) && is_missing(first + page_size());
}

// What part of a huge page lies before an address.
size_t beyond_huge_page(const void *address) noexcept {
  return reinterpret_cast<uintptr_t>(address) & (kHugePage - 1);
}

// Only for pages that are written from end to end: nobody has more memory than without.
void ask_for_huge_pages(std::byte *to, size_t size) noexcept {
  std::byte *first = to + (kHugePage - beyond_huge_page(to)) % kHugePage;
  std::byte *last = to + size - beyond_huge_page(to + size);
  int before = errno;
  // Refused by systems without them, and for memory of other kinds.
  (void)madvise(first, static_cast<size_t>(last - first), MADV_HUGEPAGE);
  errno = before;
}

// The pieces of one copy. Whoever has time takes the next; the caller takes part, and waits only for pieces
// that somebody has begun, so that it matters little whether helpers come at all.
struct Pieces {
  std::byte *to;
  const std::byte *from;
  size_t size;
  size_t piece;
  // The first piece is shorter by this, so that the others begin where a huge page does.
  size_t shift;
  size_t count;
  bool fresh;
  std::atomic<size_t> next{0};
  std::atomic<size_t> done{0};
  OneShot all_done;

  void work() noexcept {
    for (size_t i = next.fetch_add(1, std::memory_order_relaxed); i < count;
         i = next.fetch_add(1, std::memory_order_relaxed)) {
      size_t begin = std::max(i * piece, shift) - shift;
      size_t length = std::min((i + 1) * piece - shift, size) - begin;
      if (fresh) populate(begin, length);
      std::memcpy(to + begin, from + begin, length);
      if (done.fetch_add(1, std::memory_order_acq_rel) + 1 == count) all_done.signal();
    }
  }

 private:
  // Whole pages only: what is beside them belongs to somebody else, or to another piece.
  void populate(size_t begin, size_t length) const noexcept {
    uintptr_t mask = page_size() - 1;
    uintptr_t first = (reinterpret_cast<uintptr_t>(to + begin) + mask) & ~mask;
    uintptr_t last = reinterpret_cast<uintptr_t>(to + begin + length) & ~mask;
    if (first >= last) return;
    int before = errno;
    (void)madvise(reinterpret_cast<void *>(first), last - first, MADV_POPULATE_WRITE);
    errno = before;
  }
};

size_t num_helpers(size_t pieces) noexcept {
  static const size_t cores = std::max(1U, std::thread::hardware_concurrency());
  return std::min({kMaxHelpers, cores - 1, pieces - 1});
}

}  // namespace

void copy_big(void *to, const void *from, size_t size) noexcept {
  bool fresh = size >= kBigCopy && looks_fresh(to, size);
  if (size < kBigCopy || (!fresh && size < kWarmAlone)) {
    std::memcpy(to, from, size);
    return;
  }
  std::shared_ptr<Pieces> pieces;
  try {
    pieces = std::make_shared<Pieces>();
  } catch (...) {
    std::memcpy(to, from, size);
    return;
  }
  pieces->to = static_cast<std::byte *>(to);
  pieces->from = static_cast<const std::byte *>(from);
  pieces->size = size;
  bool huge = fresh && size >= kWithHugePages;
  if (huge) ask_for_huge_pages(pieces->to, size);
  pieces->piece = huge ? kHugePage : std::clamp(size / 8 / kMinPiece * kMinPiece, kMinPiece, kMaxPiece);
  pieces->shift = huge ? beyond_huge_page(to) : 0;
  pieces->count = (size + pieces->shift + pieces->piece - 1) / pieces->piece;
  pieces->fresh = fresh;
  // The task keeps the pieces: it may begin long after the copy has ended, and then finds nothing to do.
  for (size_t i = num_helpers(pieces->count); i > 0; --i)
    if (!Workers::pool().post([pieces] { pieces->work(); })) break;
  pieces->work();
  pieces->all_done.wait(nullptr);
}

}  // namespace pje
