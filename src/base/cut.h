// Text that is too long for where it goes.
#pragma once

#include <cstddef>
#include <string>

namespace lamplighter {

/// `text` within `bytes`, UTF-8 kept whole: what is longer loses its middle, more of its end than of its
/// beginning, and has "…" there instead.
std::string cut_middle(std::string text, std::size_t bytes);

}  // namespace lamplighter
