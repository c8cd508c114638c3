// The time zones of the system's IANA database.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lamplighter::schedule {

/// True for a name such as "America/New_York". False for every name where the system has no database.
bool is_time_zone(std::string_view name);

/// All names, sorted; empty where the system has no database.
std::vector<std::string> time_zones();

}  // namespace lamplighter::schedule
