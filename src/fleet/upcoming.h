// What the schedules of a fleet will do, in the order of time.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "fleet/fleet.h"
#include "schedule/occurrence.h"

namespace lamplighter::fleet {

/// When the schedule is due, counted from `now`.
schedule::Rule rule_of(const Schedule& schedule, Time now);

/// The schedule's next occurrences after `now`, at most `count`.
std::vector<Time> next_occurrences(const Schedule& schedule, Time now, std::size_t count);

/// What is to be said of a schedule within some days.
enum class Outlook {
  due,     ///< it is due
  later,   ///< not within these days, but then
  ended,   ///< its end_date has passed
  passed,  ///< each of its moments has passed
  never,   ///< it has no moment
  // Of schedules that stand elsewhere than in a file:
  disabled,  ///< it is switched off
  unknown,   ///< nobody here can tell
};
std::string_view to_string(Outlook outlook);

struct Upcoming {
  const Schedule* schedule = nullptr;  ///< of the fleet that was asked about
  Outlook outlook = Outlook::due;
  std::optional<Time> due;  ///< where it is `due` or `later`
  std::string reason;       ///< in words, where it is neither
  std::string skipped =
      {};  ///< why calendars leave it out: "not on holidays (2026-12-25)"; "" where they don't
};

/// The occurrences of schedules, one after another; at the same moment in the schedules' order. Refers to the
/// schedules.
class Occurrences {
 public:
  /// Those after `from`; a rate without a start_date counts from it.
  Occurrences(std::vector<const Schedule*> schedules, Time from);
  /// The next one; nothing after the last.
  std::optional<Upcoming> next();

 private:
  using Due = std::pair<Time, std::size_t>;  ///< of which schedule
  void look_on(std::size_t schedule, Time after);

  std::vector<const Schedule*> schedules_;
  std::vector<schedule::Rule> rules_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;  ///< the next of each
};

/// The names of those that the schedule starts or stops.
std::vector<std::string> environments_of(const Fleet& fleet, const Schedule& schedule);

/// The schedules that start or stop one of these environments (all where none is named), in the file's order.
std::vector<const Schedule*> schedules_of(const Fleet& fleet, const std::vector<std::string>& environments);

/// What is to come after `from` and not after `until`, at most `most` occurrences; behind them each schedule
/// that has none there, with the reason.
std::vector<Upcoming> upcoming(const std::vector<const Schedule*>& schedules, Time from, Time until,
                               std::size_t most);

/// A schedule that is not due any more, with the reason; nothing of one that will be.
std::optional<Upcoming> never_due(const Schedule& schedule, Time now);

}  // namespace lamplighter::fleet
