#include "run/tell_missed.h"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/hash.h"
#include "base/words.h"
#include "fleet/recipients.h"
#include "machine/telling.h"
#include "run/missed.h"
#include "run/put_machine.h"
#include "scheduler/missed_words.h"

namespace lamplighter::run {
namespace {

using scheduler::Missed;

/// More would not be read, and an input has its limit.
constexpr std::size_t kMostTold = 100;

const fleet::Schedule& schedule_of(const fleet::Fleet& fleet, const Missed& missed) {
  return *std::find_if(fleet.schedules.begin(), fleet.schedules.end(),
                       [&](const auto& one) { return one.name == missed.schedule; });
}

/// "  stop "weekday evenings": an occurrence missed, due …".
std::string line_of(const Missed& missed, const fleet::Schedule& schedule) {
  return fmt::format("  {} \"{}\": {}\n", to_string(schedule.action), schedule.name,
                     words_of(missed, schedule));
}

/// What does now what the schedule would have done.
std::string command_of(const fleet::Schedule& schedule) {
  return fmt::format("  lamplighter {} {}{}-f FLEET_FILE\n", to_string(schedule.action),
                     fmt::join(schedule.environments, " "), schedule.environments.empty() ? "" : " ");
}

json::object occurrence_json(const Missed& missed, const fleet::Schedule& schedule) {
  return {{"schedule", schedule.name},
          {"action", to_string(schedule.action)},
          {"environments", json::value_from(schedule.environments)},
          {"first", format_time(missed.first)},
          {"last", format_time(missed.last)},
          {"count", missed.count},
          {"reason", words_of(missed.why)}};
}

/// Always the same for the same, so that the engine starts it once.
std::string name_of(const json::object& message, const std::vector<Missed>& missed) {
  const auto latest =
      std::max_element(missed.begin(), missed.end(),
                       [](const Missed& one, const Missed& other) { return one.last < other.last; });
  return fmt::format("missed-{:08x}-{:%Y%m%dT%H%M%SZ}", fnv1a(json_text(message)),
                     std::chrono::floor<std::chrono::seconds>(latest->last));
}

}  // namespace

json::object missed_message(const fleet::Fleet& fleet, const std::vector<Missed>& missed) {
  std::int64_t count = 0;
  std::string lines;
  std::string commands;
  json::array occurrences;
  for (const Missed& one : missed) {
    count += one.count;
    if (occurrences.size() == kMostTold) continue;
    const fleet::Schedule& schedule = schedule_of(fleet, one);
    lines += line_of(one, schedule);
    if (one.why != Missed::Why::superseded) commands += command_of(schedule);
    occurrences.push_back(occurrence_json(one, schedule));
  }
  if (missed.size() > kMostTold)
    lines += fmt::format("  and of {} more schedules\n", missed.size() - kMostTold);
  const std::string body =
      fmt::format("Schedules of {} did not run when they were due:\n\n{}", fleet.name, lines) +
      (commands.empty() ? "" : "\nNothing was started or stopped for them. To do it now:\n\n" + commands);
  return {{"subject", fmt::format("MISSED: {} - {}", count_of(static_cast<std::size_t>(count), "occurrence"),
                                  fleet.name)},
          {"body", body},
          {"occurrences", std::move(occurrences)}};
}

Status tell_missed(engine::Executions& executions, const fleet::Fleet& fleet,
                   const std::vector<Missed>& missed) {
  if (missed.empty() || fleet::told_of(fleet, fleet::Occasion::missed).empty()) return {};
  const json::object message = missed_message(fleet, missed);
  const auto machine =
      TRY(put_machine(executions, fmt::format("{}-{}", fleet.name, machine::kMissed),
                      json_text(TRY(machine::compile_missed(fleet))), fleet.environments.front().region));
  const auto started = executions.start_execution(machine.arn, name_of(message, missed), json_text(message),
                                                  {{"how", "missed"}});
  if (started || started.error().code == "ExecutionAlreadyExists") return {};
  return tl::unexpected(started.error());
}

}  // namespace lamplighter::run
