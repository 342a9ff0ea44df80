#include "base/loaded_image.hpp"

#include <link.h>

#include <cstddef>
#include <cstdint>

namespace pje {

namespace {

// By Horspool: from the last byte of each place on, which tells how far the next place is. Not memmem, since
// AddressSanitizer takes what it puts between constants for the end of an array.
[[gnu::no_sanitize_address]] bool holds(const unsigned char *data, size_t size, const unsigned char *bytes,
                                        size_t count) noexcept {
  if (count == 0 || size < count) return false;
  size_t step[256];
  for (size_t &length : step) length = count;
  for (size_t i = 0; i + 1 < count; ++i) step[bytes[i]] = count - 1 - i;
  for (size_t at = 0; at <= size - count; at += step[data[at + count - 1]]) {
    size_t i = count;
    while (i > 0 && data[at + i - 1] == bytes[i - 1]) --i;
    if (i == 0) return true;
  }
  return false;
}

struct Search {
  uintptr_t address;
  std::string_view bytes;
  bool found;
};

int search_object(dl_phdr_info *info, size_t, void *data) {
  auto &search = *static_cast<Search *>(data);
  bool is_it = false;
  for (size_t i = 0; i < info->dlpi_phnum; ++i) {
    const auto &part = info->dlpi_phdr[i];
    if (part.p_type == PT_LOAD) is_it |= search.address - (info->dlpi_addr + part.p_vaddr) < part.p_memsz;
  }
  if (!is_it) return 0;
  for (size_t i = 0; i < info->dlpi_phnum && !search.found; ++i) {
    const auto &part = info->dlpi_phdr[i];
    if (part.p_type != PT_LOAD || (part.p_flags & (PF_R | PF_W)) != PF_R) continue;
    const auto *begin = reinterpret_cast<const unsigned char *>(info->dlpi_addr + part.p_vaddr);
    const auto *bytes = reinterpret_cast<const unsigned char *>(search.bytes.data());
    search.found = holds(begin, part.p_filesz, bytes, search.bytes.size());
  }
  return 1;
}

}  // namespace

bool object_holds(const void *address, std::string_view bytes) noexcept {
  Search search{reinterpret_cast<uintptr_t>(address), bytes, false};
  dl_iterate_phdr(search_object, &search);
  return search.found;
}

}  // namespace pje
