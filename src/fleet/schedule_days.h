// On which days a schedule runs, as its calendars have it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "schedule/calendar.h"

namespace lamplighter::fleet {

/// How far ahead days are worked out: iCalendar's rules go on for ever.
inline constexpr std::chrono::days kCalendarReach{2 * 366};

/// What calendars say of a day.
struct Verdict {
  bool runs = true;
  std::string calendar = {};  ///< of a day that is left out: the one that says so ("" for several)
  std::string reason = {};    ///< the same in words: "holidays", "not in workdays"
};

/// A pure value.
class ScheduleDays {
 public:
  /// Of the days of `within`, which are days of the schedule's zone. Errors: as schedule::days_of, with the
  /// calendar's name.
  static Result<ScheduleDays> of(const Fleet& fleet, const Schedule& schedule, schedule::DayRange within);

  /// One that is in a calendar of `except` is left out; so is one that is in none of `only`, where there is
  /// any.
  [[nodiscard]] Verdict verdict(std::chrono::local_days day) const;
  [[nodiscard]] bool has_only() const { return !only_.empty(); }

 private:
  using Named = std::pair<std::string, schedule::Calendar>;
  std::vector<Named> except_;
  std::vector<Named> only_;
};

/// The day, on the clock of the schedule's zone, on which it is due: the one that its calendars decide about,
/// also where it begins later (`flexible_window`, `late`).
std::chrono::local_days day_of(const Schedule& schedule, Time due);

/// Whether the occurrence runs. Errors: as ScheduleDays::of; bad_input "UnknownSchedule".
Result<Verdict> verdict(const Fleet& fleet, const std::string& schedule, Time due);

/// The days that a schedule is bound by, for who can't read calendars.
struct BoundDays {
  bool only = false;              ///< it runs on these alone; else it doesn't run on these
  std::vector<std::string> days;  ///< "2026-12-25", in rising order, from yesterday on
  std::string until;              ///< the last day that was looked at: nothing is known of later ones
};
/// From the day before `now`'s, for the next two years; nothing of a schedule without calendars.
Result<std::optional<BoundDays>> bound_days(const Fleet& fleet, const Schedule& schedule, Time now);

/// The days of one calendar in a zone. Errors: as schedule::days_of, with the calendar's name.
Result<schedule::Calendar> days_of(const Calendar& calendar, const std::string& zone,
                                   schedule::DayRange within);

}  // namespace lamplighter::fleet
