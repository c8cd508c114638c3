#include "hours/hours.h"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "schedule/time_zone.h"

namespace lamplighter::hours {
namespace {

using std::chrono::seconds;

/// Adds a span, divided among its days.
void add(Days& days, const schedule::Zone& zone, State state, Time from, Time to) {
  while (from < to) {
    const Time end = std::min(next_day(zone, from), to);
    Hours& hours = days[date_of(zone, from)];
    (state == State::running ? hours.running : hours.stopped) += end - from;
    from = end;
  }
}

}  // namespace

Days count(const std::vector<Look>& looks, const schedule::Zone& zone, Time until) {
  Days days;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (looks[i].state == State::unknown) continue;
    const Time end = i + 1 < looks.size() ? std::min(looks[i + 1].at, until) : until;
    add(days, zone, looks[i].state, looks[i].at, std::min(end, looks[i].at + kLookHolds));
  }
  return days;
}

std::string date_of(const schedule::Zone& zone, Time time) {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(schedule::to_local(zone, time).time_since_epoch().count()));
}

/// The clock is read where midnight should be, and what it is off by corrected: a change of the clock lies
/// between. Where it skips midnight the day begins with the change.
Time next_day(const schedule::Zone& zone, Time time) {
  const auto shown = [&](Time then) { return schedule::to_local(zone, then); };
  const auto midnight = std::chrono::floor<std::chrono::days>(shown(time)) + std::chrono::days{1};
  Time found = std::chrono::floor<seconds>(time);
  for (int tries = 0; tries < 4; ++tries) {
    found += midnight - shown(found);
    if (shown(found) >= midnight && shown(found - seconds{1}) < midnight) return found;
  }
  return std::max(found, time + std::chrono::hours{1});
}

Time day_begin(const schedule::Zone& zone, Time time) {
  Time begin = time - std::chrono::hours{50};
  for (Time next = next_day(zone, begin); next <= time; next = next_day(zone, next)) begin = next;
  return begin;
}

}  // namespace lamplighter::hours
