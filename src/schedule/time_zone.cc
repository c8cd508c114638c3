#include "schedule/time_zone.h"

#include <cstdlib>

#include "schedule/zone_database.h"

namespace lamplighter::schedule {
namespace {

std::string directory() {
  const char* named = std::getenv("TZDIR");
  return named != nullptr && *named != '\0' ? named : "/usr/share/zoneinfo";
}

ZoneDatabase& system_zones() {
  static const SystemClock clock;
  static ZoneDatabase zones(directory(), clock);
  return zones;
}

}  // namespace

bool is_time_zone(std::string_view name) { return system_zones().find(std::string(name)) != nullptr; }

std::vector<std::string> time_zones() { return system_zones().names(); }

std::shared_ptr<const Zone> time_zone(const std::string& name) {
  static const auto utc = std::make_shared<const Zone>();
  auto found = system_zones().find(name);
  return found ? found : utc;
}

std::chrono::local_seconds to_local(const Zone& zone, Time time) {
  return zone.to_local(std::chrono::floor<std::chrono::seconds>(time));
}

std::chrono::local_seconds to_local(const std::string& zone, Time time) {
  return to_local(*time_zone(zone), time);
}

std::optional<Time> to_utc(const std::string& zone, std::chrono::local_seconds local) {
  return time_zone(zone)->to_utc(local);
}

}  // namespace lamplighter::schedule
