// Arrays in .npy files.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/status.hpp"
#include "core/array.hpp"

namespace pje {

Result<Ref<Array>> load_npy(const std::string &path);
// `name` stands for the file in messages.
Result<Ref<Array>> load_npy(const std::string &name, std::span<const std::byte> bytes);

// Types that NumPy lacks are written as unsigned integers of their host size.
Status save_npy(const Array &array, const std::string &path);

}  // namespace pje
