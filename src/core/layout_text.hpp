// Layouts as XLA writes them: in text, and as a message.
#pragma once

#include <string>
#include <string_view>

#include "core/layout.hpp"

namespace pje {

std::string layout_text(const LayoutData &layout);
Result<LayoutData> parse_layout_text(std::string_view text);

// An xla.LayoutProto, which only an order of dimensions and tiles fit into.
std::string layout_message(const LayoutData &layout);
Result<LayoutData> parse_layout_message(std::string_view bytes);

}  // namespace pje
