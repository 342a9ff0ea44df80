// What a plugin tells of a buffer when asked.
#pragma once

#include <vector>

#include "core/buffer.hpp"

namespace pje {

Result<size_t> on_device_size(const Buffer &buffer);
bool is_on_cpu(const Buffer &buffer) noexcept;
// May wait for the contents of a buffer whose sizes the program decides.
Result<std::vector<int64_t>> unpadded_dims(const Buffer &buffer);
Result<std::vector<size_t>> dynamic_dims(const Buffer &buffer);

}  // namespace pje
