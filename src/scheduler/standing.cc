#include "scheduler/standing.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/words.h"
#include "schedule/time_zone.h"

namespace lamplighter::scheduler {
namespace {

std::string next_words(const Standing& fleet) {
  if (!fleet.next) return fleet.schedules == 0 ? "" : "; none is ever due again";
  const auto local = schedule::to_local(fleet.timezone, fleet.next->due);
  return fmt::format("; next: {} \"{}\" on {:%a %Y-%m-%d at %H:%M} {}", tasks::to_string(fleet.next->action),
                     fleet.next->schedule, fmt::gmtime(local.time_since_epoch().count()), fleet.timezone);
}

}  // namespace

std::string words_of(const Standing& standing) {
  return fmt::format("{} ({}{}): {}{}", standing.fleet, standing.path,
                     standing.refused.empty() ? "" : ", its last good copy, for it is broken",
                     count_of(standing.schedules, "schedule"), next_words(standing));
}

}  // namespace lamplighter::scheduler
