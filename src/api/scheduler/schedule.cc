#include "api/scheduler/schedule.h"

#include <fmt/format.h>

namespace lamplighter::api {

schedule::Rule rule_of(const Schedule& schedule) {
  return {.expression = schedule::parse_expression(schedule.expression).value_or(schedule::Rate{}),
          .timezone = schedule.timezone,
          .start = schedule.start,
          .end = schedule.end,
          .known_since = schedule.created};
}

Status check_moments(const Schedule& schedule, Time now) {
  constexpr std::chrono::minutes kGrace{5};
  const auto refuse = [](std::string message) {
    return fail(ErrorKind::bad_input, "ValidationException", std::move(message));
  };
  if (schedule.start && *schedule.start < now - kGrace) {
    return refuse(
        fmt::format("Invalid StartDate: found {}, expected a moment that is over for five minutes at most",
                    format_time(*schedule.start)));
  }
  if (schedule.start && schedule.end && *schedule.end <= *schedule.start) {
    return refuse(fmt::format("Invalid EndDate: found {}, expected a moment after the StartDate {}",
                              format_time(*schedule.end), format_time(*schedule.start)));
  }
  if (schedule::next_occurrence(rule_of(schedule), now)) return {};
  return refuse(fmt::format("Invalid Schedule Expression: {} in {} is never due after {}",
                            schedule.expression, schedule.timezone, format_time(now)));
}

}  // namespace lamplighter::api
