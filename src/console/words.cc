#include "console/words.h"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/duration.h"
#include "base/words.h"
#include "schedule/time_zone.h"

namespace lamplighter::console {

std::string elapsed(Duration duration) {
  return format_duration(
      std::max(Duration::zero(), Duration(std::chrono::floor<std::chrono::seconds>(duration))));
}

std::string local_time(const std::string& zone, Time time) {
  const auto seconds = schedule::to_local(zone, time).time_since_epoch();
  const std::tm shown = fmt::gmtime(seconds.count());
  const bool whole = seconds % std::chrono::minutes(1) == std::chrono::seconds(0);
  return whole ? fmt::format("{:%a %Y-%m-%d %H:%M}", shown) : fmt::format("{:%a %Y-%m-%d %H:%M:%S}", shown);
}

std::string_view doing(tasks::Action action) {
  return action == tasks::Action::start ? "starting" : "stopping";
}
std::string_view done(tasks::Action action) { return action == tasks::Action::start ? "started" : "stopped"; }
std::string_view already(tasks::Action action) {
  return action == tasks::Action::start ? "already running" : "already stopped";
}

std::string phase_words(tasks::Action action, const run::PhaseProgress& phase) {
  using Status = run::PhaseProgress::Status;
  const std::string counts =
      phase.total > 0
          ? fmt::format("{} of {} {}", phase.ready, count_of(static_cast<std::size_t>(phase.total), "server"),
                        phase.unchanged ? already(action) : done(action))
          : "";
  switch (phase.status) {
    case Status::to_come:
      return "to come";
    case Status::not_touched:
      return "not touched";
    case Status::ready:
      return counts;
    case Status::settling:
      return counts + ", settling";
    case Status::failed:
      return "failed: " + phase.reason;
    case Status::working:
      break;
  }
  if (counts.empty() && phase.waiting_for.empty()) return fmt::format("{}", doing(action));
  const std::string waiting = phase.waiting_for.empty() ? "" : "waiting for " + phase.waiting_for;
  return counts + (counts.empty() || waiting.empty() ? "" : ", ") + waiting;
}

}  // namespace lamplighter::console
