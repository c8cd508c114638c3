#include "schedule/time_zone.h"

#include <exception>

#include <date/tz.h>

namespace lamplighter::schedule {

bool is_time_zone(std::string_view name) {
  // The library opens a file of that name below the database's directory: keep it there.
  if (name.empty() || name.size() > 64 || name.front() == '/' || name.find("..") != std::string_view::npos)
    return false;
  try {
    return date::locate_zone(std::string(name)) != nullptr;
  } catch (const std::exception&) {
    return false;
  }
}

std::vector<std::string> time_zones() {
  std::vector<std::string> names;
  try {
    for (const auto& zone : date::get_tzdb().zones) names.push_back(zone.name());
  } catch (const std::exception&) {
    names.clear();
  }
  return names;
}

}  // namespace lamplighter::schedule
