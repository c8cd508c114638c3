// The parts of a fleet file, a function each. All add what is wrong to the reader. Internal to the parser.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fleet/fleet.h"
#include "fleet/reader.h"

namespace lamplighter::fleet {

/// What the top of the file gives to all environments and their phases.
struct Defaults {
  std::string region;
  std::string role_arn;
  std::string account;
  Duration settle{0};
  Duration timeout{std::chrono::minutes{15}};
};

/// settle and timeout of a fleet, an environment or a phase, over those of what it stands in.
Defaults read_defaults(Reader& reader, const Members& members, Defaults inherited);

/// The environments, and that no server is in two phases.
std::vector<Environment> read_environments(Reader& reader, const YamlNode& node, const Defaults& defaults);

/// An IANA name; nullopt for none.
std::optional<std::string> read_time_zone(Reader& reader, const YamlNode& node);

/// The calendars, with what their files say.
std::vector<Calendar> read_calendars(Reader& reader, const YamlNode& node, const IcalReader& read_file);

/// Of the fleet: its environments, its calendars, the time zone of those that name none, and whether anybody
/// is told.
std::vector<Schedule> read_schedules(Reader& reader, const YamlNode& node, const Fleet& fleet);

/// Whom to tell: one, or a list.
std::vector<Notify> read_notify(Reader& reader, const YamlNode& node, const std::string& region);
void read_coordination(Reader& reader, const YamlNode& node, Fleet& fleet);
void read_alarms(Reader& reader, const YamlNode& node, Fleet& fleet);

/// "dev/app" for each phase_number of the original function.
std::vector<std::string> read_classic(Reader& reader, const YamlNode& node,
                                      const std::vector<Environment>& environments);

/// That all regions, roles and the topic lie in one of AWS's partitions: credentials and ARNs of one are
/// worth nothing in another. `members`: the whole file, for the places.
void check_partitions(Reader& reader, const Members& members, const Fleet& fleet);

}  // namespace lamplighter::fleet
