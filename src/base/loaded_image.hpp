// What a loaded shared object holds.
#pragma once

#include <string_view>

namespace pje {

// Whether these bytes stand in the unwritable memory of the loaded object that `address` belongs to; false
// when it belongs to none.
bool object_holds(const void *address, std::string_view bytes) noexcept;

}  // namespace pje
