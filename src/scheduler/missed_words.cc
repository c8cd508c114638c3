#include "scheduler/missed_words.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/duration.h"
#include "base/words.h"
#include "schedule/time_zone.h"

namespace lamplighter::scheduler {
namespace {

std::string count_of(const Missed& missed) {
  if (missed.count == 1) return "an occurrence";
  return (missed.more ? "more than " : "") +
         lamplighter::count_of(static_cast<std::size_t>(missed.count), "occurrence");
}

std::string why_of(const Missed& missed, const fleet::Schedule& schedule) {
  switch (missed.why) {
    case Missed::Why::superseded:
      return "a later occurrence counts";
    case Missed::Why::failed:
      return "it could not be started";
    case Missed::Why::too_late:
      break;
  }
  return fmt::format("older than it may be to be made up for, {}", format_duration(schedule.late));
}

}  // namespace

std::string local_words(const fleet::Schedule& schedule, Time time) {
  const auto shown = schedule::to_local(schedule.timezone, time);
  return fmt::format("{:%Y-%m-%d %H:%M:%S} {}", fmt::gmtime(shown.time_since_epoch().count()),
                     schedule.timezone);
}

std::string words_of(const Missed& missed, const fleet::Schedule& schedule) {
  const std::string until =
      missed.count == 1 ? "" : fmt::format(" until {}", local_words(schedule, missed.last));
  return fmt::format("{} missed, due {}{}: {}", count_of(missed), local_words(schedule, missed.first), until,
                     why_of(missed, schedule));
}

}  // namespace lamplighter::scheduler
