// Words for numbers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lamplighter {

/// "1 server", "12 servers".
std::string count_of(std::size_t count, std::string_view noun);

}  // namespace lamplighter
