#include "tasks/moment.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/duration.h"
#include "schedule/time_zone.h"

namespace lamplighter::tasks {

std::string readable(Time time, const std::string& zone) {
  const auto shown = [&](const std::string& in) {
    return fmt::gmtime(schedule::to_local(in, time).time_since_epoch().count());
  };
  const std::tm utc = shown("UTC");
  if (zone.empty() || zone == "UTC" || !schedule::is_time_zone(zone))
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", utc);
  const std::tm local = shown(zone);
  const bool same_day = local.tm_mday == utc.tm_mday;
  return fmt::format("{:%Y-%m-%d %H:%M:%S} {} ({}{:%H:%M:%S} UTC)", local, zone,
                     same_day ? "" : fmt::format("{:%Y-%m-%d} ", utc), utc);
}

std::string readable(Duration duration) {
  return format_duration(std::chrono::floor<std::chrono::seconds>(duration));
}

}  // namespace lamplighter::tasks
