#include "fleet/parse.h"

#include "fleet/parts.h"
#include "fleet/reader.h"
#include "fleet/yaml.h"

namespace lamplighter::fleet {
namespace {

Fleet read_fleet(Reader& reader, const YamlNode& root, const std::string& region,
                 const IcalReader& read_ical) {
  Fleet fleet;
  const auto members = reader.mapping(root, keys::kFleet, "a fleet: fleet, region, environments, …");
  if (!members) return fleet;
  if (const auto* node = reader.required(*members, "fleet", root,
                                         "the fleet's name, such as \"fleet: lower-environments\"")) {
    fleet.name = reader.name(*node, "a fleet's name", 48).value_or("");
  }
  Defaults defaults = read_defaults(reader, *members, {});
  if (!region.empty()) defaults.region = region;
  fleet.region = defaults.region;
  if (const auto* node = reader.required(*members, "environments", root, "at least one environment")) {
    fleet.environments = read_environments(reader, *node, defaults);
  }
  if (const auto* node = members->find("timezone")) {
    fleet.timezone = read_time_zone(reader, *node).value_or(fleet.timezone);
  }
  if (const auto* node = members->find("calendars")) {
    fleet.calendars = read_calendars(reader, *node, read_ical);
  }
  if (const auto* node = members->find("notify")) {
    fleet.notify = read_notify(reader, *node, fleet.region);
  }
  if (const auto* node = members->find("schedules")) {
    fleet.schedules = read_schedules(reader, *node, fleet);
  }
  if (const auto* node = members->find("alarms")) read_alarms(reader, *node, fleet);
  if (const auto* node = members->find("coordination")) read_coordination(reader, *node, fleet);
  if (const auto* node = members->find("on_conflict")) {
    const auto word = reader.word(*node, {"takeover", "wait", "refuse"});
    fleet.on_conflict = tasks::parse_on_conflict(word.value_or("")).value_or(fleet.on_conflict);
  }
  if (const auto* node = members->find("classic")) {
    fleet.classic = read_classic(reader, *node, fleet.environments);
  }
  check_partitions(reader, *members, fleet);
  return fleet;
}

}  // namespace

ParseResult parse(std::string_view yaml, const std::string& region, const IcalReader& read_ical) {
  auto root = read_yaml(yaml);
  if (!root) return {{}, {root.error()}};
  Reader reader;
  ParseResult result;
  result.fleet = read_fleet(reader, *root, region, read_ical);
  result.errors = reader.take_errors();
  return result;
}

}  // namespace lamplighter::fleet
