#include <fmt/format.h>

#include "base/arn.h"
#include "fleet/parts.h"

namespace lamplighter::fleet {
namespace {

Place place_of(const YamlNode& environments, const std::string& name) {
  for (const YamlMember& member : environments.members) {
    if (member.key.text == name) return member.key.place;
  }
  return environments.place;
}

}  // namespace

void check_partitions(Reader& reader, const Members& members, const Fleet& fleet) {
  const YamlNode* environments = members.find("environments");
  if (environments == nullptr || fleet.environments.empty()) return;
  const Environment& home = fleet.environments.front();
  const std::string_view partition = partition_of(home.region).name;
  // False: it lies elsewhere, which is said.
  const auto check = [&](Place place, const std::string& what, std::string_view found) {
    if (found == partition) return true;
    reader.error(place, fmt::format("found {}, of the partition {}, expected all of a fleet in one partition "
                                    "({} is in {}, of {}): make a fleet file for each",
                                    what, found, home.name, home.region, partition));
    return false;
  };
  const auto check_both = [&](Place place, const std::string& of, const std::string& region,
                              const std::string& what, const std::string& arn) {
    if (region.empty() || !check(place, fmt::format("{} in {}", of, region), partition_of(region).name))
      return;
    if (const auto parsed = parse_arn(arn)) check(place, fmt::format("{} {}", what, arn), parsed->partition);
  };
  for (const Environment& environment : fleet.environments) {
    check_both(place_of(*environments, environment.name), environment.name, environment.region,
               environment.name + "'s role", environment.role_arn);
  }
  const YamlNode* notify = members.find("notify");
  if (notify == nullptr) return;
  for (std::size_t i = 0; i < fleet.notify.size(); ++i) {
    const Notify& one = fleet.notify[i];
    const Place place = i < notify->items.size() ? notify->items[i].place : notify->place;
    if (!one.sns.empty()) check_both(place, "the topic " + one.sns, one.region, "the topic", one.sns);
    if (!one.bus.empty()) check_both(place, "the bus " + one.bus, one.region, "the bus", one.bus);
    if (one.webhook) check_both(place, "a webhook's SSM parameter", one.region, "", "");
  }
}

}  // namespace lamplighter::fleet
