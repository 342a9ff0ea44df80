#include "base/loaded_image.hpp"

#include <link.h>

#include <cstring>

namespace pje {

namespace {

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
    const auto *begin = reinterpret_cast<const void *>(info->dlpi_addr + part.p_vaddr);
    search.found = memmem(begin, part.p_filesz, search.bytes.data(), search.bytes.size()) != nullptr;
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
