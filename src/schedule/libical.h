// What iCalendar's values and recurrence rules mean: the only unit that knows libical. It asks that library
// for one value or one rule at a time, never for zones, files or trees, and bounds what a rule may cost. Safe
// from several threads.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace lamplighter::schedule {

/// A DATE, or a DATE-TIME on a clock that its place says.
struct IcalTime {
  std::chrono::local_seconds shown;  ///< a date's midnight
  bool is_date = false;
  bool is_utc = false;  ///< its clock is UTC's
};
/// Error (here and below): bad_input "InvalidCalendar": what was found, what was expected.
Result<IcalTime> read_ical_time(const std::string& text);

/// Days on the calendar, and then exactly so long.
struct IcalDuration {
  std::chrono::days days{0};
  std::chrono::seconds exact{0};
};
/// Not negative, a hundred years at most.
Result<IcalDuration> read_ical_duration(const std::string& text);

/// How long reading and expanding may compute: processor time of this thread, since it was made.
class WorkBudget {
 public:
  explicit WorkBudget(std::chrono::milliseconds most);
  [[nodiscard]] bool is_spent() const;

 private:
  std::chrono::nanoseconds end_;
};

/// An RRULE.
class RecurrenceRule {
 public:
  /// Refuses recurrences by the hour or less, and of other calendars than the Gregorian (RSCALE).
  static Result<RecurrenceRule> read(const std::string& text);

  /// The last moment at which it may be due, as the rule has it.
  [[nodiscard]] const std::optional<IcalTime>& until() const { return until_; }

  /// What an expansion is about, on the clock of what recurs.
  struct Span {
    std::chrono::local_seconds start;  ///< DTSTART
    bool is_date = false;              ///< as DTSTART is
    std::chrono::local_seconds from;   ///< what is before is not wanted
    std::chrono::local_seconds to;     ///< nor what is after: that, or UNTIL
  };
  /// Tells `found` each time of the rule within the span. Errors: a rule that nothing can match; one, or a
  /// budget, that would take too long.
  Status each(const Span& span, const WorkBudget& budget,
              const std::function<void(std::chrono::local_seconds)>& found) const;

 private:
  std::string text_;  ///< without UNTIL
  std::optional<IcalTime> until_;
};

}  // namespace lamplighter::schedule
