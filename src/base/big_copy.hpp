// Copies of many megabytes: by several threads, into pages that are made all at once.
#pragma once

#include <cstddef>

namespace pje {

// As memcpy. Where the target's pages do not exist yet, touching them one by one costs several times the
// copy: the system is asked for whole ranges of them, and threads of ours that are free help.
void copy_big(void *to, const void *from, size_t size) noexcept;

// From this size on copy_big() looks further than memcpy.
inline constexpr size_t kBigCopy = size_t{256} << 10;

}  // namespace pje
