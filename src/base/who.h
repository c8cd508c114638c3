// The names of people and machines, as the system has them.
#pragma once

#include <cstdint>
#include <string>

namespace lamplighter {

/// "alice"; the number where it has no name.
std::string user_name(std::uint32_t uid);

/// Whose process this is.
std::string own_user_name();

/// "web1"; "" where it has none.
std::string host_name();

}  // namespace lamplighter
