// The time zones of the system's IANA database.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace lamplighter::schedule {

/// True for a name such as "America/New_York". False for every name where the system has no database.
bool is_time_zone(std::string_view name);

/// All names, sorted; empty where the system has no database.
std::vector<std::string> time_zones();

/// What the zone's clocks show at that moment, to the second. The zone must be one that is_time_zone() knows;
/// as UTC where it isn't.
std::chrono::local_time<std::chrono::seconds> to_local(const std::string& zone, Time time);

/// When the zone's clocks show that: the first time, where they show it twice; nothing where they skip it.
std::optional<Time> to_utc(const std::string& zone, std::chrono::local_time<std::chrono::seconds> local);

}  // namespace lamplighter::schedule
