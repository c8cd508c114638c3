// A schedule's occurrence, as its execution's input has it: the members `occurrence` and, where calendars
// bind the schedule, `calendar`. Written and read here, so that a task needs no fleet file (docs/tasks.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "schedule/bound_days.h"
#include "tasks/protocol/action.h"
#include "tasks/protocol/keeps_end.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

inline constexpr std::string_view kOccurrence = "occurrence";
inline constexpr std::string_view kCalendar = "calendar";

/// How many calendars a schedule may name. One that changes every other day takes 5 KB of the 256 KB that an
/// execution's input may have.
inline constexpr std::size_t kMostCalendars = 8;

/// The days of the calendars that bind a schedule, which are days of its zone.
struct OccurrenceDays {
  std::string timezone = "UTC";  ///< an IANA name
  schedule::BoundDays days;
  bool operator==(const OccurrenceDays&) const = default;
};

struct Occurrence {
  std::string schedule;
  Time due{};
  std::optional<OccurrenceDays> calendar = std::nullopt;
  std::optional<KeepsEnd> ends = std::nullopt;  ///< of what is done at a keep's end
  bool operator==(const Occurrence&) const = default;
};

/// The day, on the clock of the calendars' zone, on which it is due: the one that they decide about, also
/// where it begins later.
std::chrono::local_days day_of(const OccurrenceDays& calendar, Time due);
schedule::Verdict verdict(const OccurrenceDays& calendar, Time due);

/// Puts its members into the input.
void add_to(json::object& input, const Occurrence& occurrence);
json::object to_json(const OccurrenceDays& calendar);

/// The members `occurrence` and `calendar` of an execution's input, or of a payload; nothing where no
/// schedule has started it. Errors: as Reader's, for a time zone that this machine doesn't know too.
Result<std::optional<Occurrence>> read_occurrence(const Reader& fields);
/// What the `occurrence` of a schedule's input ends; nothing where that is no keep. Errors: as Reader's.
Result<std::optional<KeepsEnd>> read_ends(const Reader& input);
/// The member `calendar` of a schedule's input; nothing where it has none. Errors: bad_input with `code`.
Result<std::optional<OccurrenceDays>> read_calendar(const json::value& input, std::string_view code);

/// What a schedule of EventBridge Scheduler gives the executions that it starts.
struct ScheduleInput {
  std::string schedule;  ///< as the fleet file names it
  Action action = Action::start;
  std::vector<std::string> environments;  ///< empty for all
  std::optional<OccurrenceDays> calendar = std::nullopt;
};
/// Its `occurrence` has Scheduler's word for the moment at which it is due.
json::object to_json(const ScheduleInput& input);

/// What the schedule of a keep's end gives the execution that it starts, likewise.
json::object ending_input(const std::string& schedule, const std::vector<std::string>& environments,
                          const KeepsEnd& end);

}  // namespace lamplighter::tasks
