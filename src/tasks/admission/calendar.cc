#include "tasks/admission/calendar.h"

#include <fmt/format.h>

namespace lamplighter::tasks {
namespace {

constexpr std::chrono::days kEndsSoon{30};

}  // namespace

std::optional<std::string> skipped_by_calendar(const std::optional<Occurrence>& occurrence) {
  if (!occurrence || !occurrence->calendar) return std::nullopt;
  const auto said = verdict(*occurrence->calendar, occurrence->due);
  if (said.runs) return std::nullopt;
  return fmt::format("{} ({})", said.reason,
                     schedule::format_day(day_of(*occurrence->calendar, occurrence->due)));
}

std::string calendar_warning(const std::optional<Occurrence>& occurrence) {
  if (!occurrence || !occurrence->calendar) return "";
  const auto until = occurrence->calendar->days.until;
  const auto day = day_of(*occurrence->calendar, occurrence->due);
  if (day == until || day + kEndsSoon <= until) return "";
  const std::string known = schedule::format_day(until);
  if (day > until) {
    return fmt::format(
        "the days of {}'s calendars are known until {} only, so that none is left out any more: "
        "run lamplighter synth, and deploy again",
        occurrence->schedule, known);
  }
  return fmt::format(
      "the days of {}'s calendars are known until {}: run lamplighter synth, and deploy again, "
      "before",
      occurrence->schedule, known);
}

}  // namespace lamplighter::tasks
