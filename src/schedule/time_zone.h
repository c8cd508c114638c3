// The time zones of the system's IANA database (/usr/share/zoneinfo, or what $TZDIR names), as it is now: see
// zone_database.h. Safe from several threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "schedule/zone.h"

namespace lamplighter::schedule {

/// True for a name such as "America/New_York". False for every name but UTC where the system has no database.
bool is_time_zone(std::string_view name);

/// All names, sorted; empty where the system has no database.
std::vector<std::string> time_zones();

/// The zone of that name; UTC's for one that is_time_zone() doesn't know. For many questions in a row.
std::shared_ptr<const Zone> time_zone(const std::string& name);

/// What the zone's clocks show at that moment, to the second. As UTC where is_time_zone() doesn't know the
/// zone.
std::chrono::local_seconds to_local(const std::string& zone, Time time);
std::chrono::local_seconds to_local(const Zone& zone, Time time);

/// When the zone's clocks show that: the first time, where they show it twice; nothing where they skip it.
std::optional<Time> to_utc(const std::string& zone, std::chrono::local_seconds local);

}  // namespace lamplighter::schedule
