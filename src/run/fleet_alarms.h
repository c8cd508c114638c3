// The alarms that are muted where a fleet is: since when, for whom, by which execution; and what sets right
// those that no start would give their voice.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "base/clock.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "json/json.h"
#include "tasks/alarm_mark.h"

namespace lamplighter::run {

enum class AlarmStatus {
  muted,      ///< by this fleet: its environment's next start gives it its voice
  orphan,     ///< by this fleet, for an environment that the file no longer has
  of_others,  ///< by another fleet
  unmarked,   ///< a server's of this fleet, disabled by a person or another tool
  heard,      ///< one that just got its voice back
  adopted,    ///< one that was not marked, and is now
};
/// "muted", "orphan", "of another fleet", "not marked", "unmuted", "adopted".
std::string_view to_string(AlarmStatus status);

struct FleetAlarm {
  std::string name;
  std::string region;
  tasks::AlarmMark mark;  ///< of one that is not marked: what would be
  AlarmStatus status = AlarmStatus::muted;
};

struct FleetAlarms {
  std::vector<FleetAlarm> alarms;     ///< by region, then name
  std::vector<std::string> left;      ///< that stay muted, since not all of their servers run; by region
  std::vector<std::string> troubles;  ///< what could not be looked at or changed
};

struct AlarmOrder {
  bool unmute = false;  ///< gives orphans their voice; with environments, theirs; where their servers run
  bool adopt = false;   ///< marks those that are not marked
  std::vector<std::string> environments = {};  ///< of the fleet: only theirs; none for all that there is
  std::vector<std::string> alarms =
      {};  ///< only these, by name; then it doesn't matter what their servers do
};

/// Looks in every region, as every role, where the fleet has an environment. What goes wrong in one place is
/// among the troubles.
FleetAlarms fleet_alarms(aws::Caller& caller, Clock& clock, const fleet::Fleet& fleet,
                         const AlarmOrder& order);

/// An object an alarm.
json::array to_json(const FleetAlarms& alarms);

}  // namespace lamplighter::run
