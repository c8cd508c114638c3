#include "schedule/time_zone.h"

#include <exception>

#include <date/tz.h>

namespace lamplighter::schedule {
namespace {

/// nullptr where there is none of that name.
const date::time_zone* find_zone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

}  // namespace

bool is_time_zone(std::string_view name) {
  // The library opens a file of that name below the database's directory: keep it there.
  if (name.empty() || name.size() > 64 || name.front() == '/' || name.find("..") != std::string_view::npos)
    return false;
  return find_zone(std::string(name)) != nullptr;
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

std::chrono::local_time<std::chrono::seconds> to_local(const std::string& zone, Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const date::time_zone* found = find_zone(zone);
  const auto offset = found == nullptr ? std::chrono::seconds::zero() : found->get_info(seconds).offset;
  return std::chrono::local_time<std::chrono::seconds>(seconds.time_since_epoch() + offset);
}

std::optional<Time> to_utc(const std::string& zone, std::chrono::local_time<std::chrono::seconds> local) {
  const auto since_epoch = local.time_since_epoch();
  const date::time_zone* found = find_zone(zone);
  if (found == nullptr) return Time(since_epoch);
  const auto info = found->get_info(date::local_seconds(since_epoch));
  if (info.result == date::local_info::nonexistent) return std::nullopt;
  return Time(since_epoch - info.first.offset);  // of two, the first
}

}  // namespace lamplighter::schedule
