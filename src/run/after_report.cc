#include "run/after_report.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/words.h"
#include "run/embedded_run.h"
#include "run/exit_code.h"
#include "run/heir.h"
#include "run/interrupt.h"
#include "tasks/moment.h"
#include "tasks/protocol/unmute.h"

namespace lamplighter::run {
namespace {

constexpr std::chrono::milliseconds kFrame{100};
constexpr std::size_t kFew = 100;  // a look's answer names all of so many

/// The report's figure, until the loop has looked. Of many it names some.
std::size_t count_to_follow(const tasks::ReportedAlarms& alarms,
                            const std::optional<UnmuteProgress>& unmuting) {
  const auto reported = static_cast<std::size_t>(alarms.follow);
  if (!unmuting || !unmuting->looked) return reported;
  const auto named = unmuting->left.size();
  const auto enabled = std::min(reported, static_cast<std::size_t>(unmuting->enabled));
  return named <= kFew ? named : std::max(named, reported - enabled);
}

std::string words_of(std::size_t follow, const tasks::ReportedAlarms& alarms, const Progress& progress) {
  if (follow == 0) return "";
  return fmt::format(
      "{} {} {}", count_of(follow, "alarm"), follow == 1 ? "follows" : "follow",
      alarms.follow_by ? "by " + tasks::readable(*alarms.follow_by, progress.shape().timezone) : "at once");
}

/// Of an execution that has just reported: as it said. `left`: what the loop has left of them.
std::string to_follow(const Progress& progress, bool left) {
  const auto report = progress.report();
  if (!report) return "";
  const auto reported = static_cast<std::size_t>(report->alarms.follow);
  return words_of(left ? count_to_follow(report->alarms, progress.unmuting()) : reported, report->alarms,
                  progress);
}

}  // namespace

std::string alarms_to_follow(const Progress& progress) { return to_follow(progress, true); }

std::string alarms_left(const Progress& progress) {
  const auto unmuting = progress.unmuting();
  if (!unmuting || !unmuting->over) return "";
  return tasks::muted_words(unmuting->left, unmuting->troubles);
}

std::string alarms_of_later(const Progress& progress) {
  const auto unmuting = progress.unmuting();
  if (!unmuting || !unmuting->over) return "";
  std::vector<std::string> parts;
  for (const auto& [execution, count] : unmuting->later) {
    parts.push_back(fmt::format("{} {} muted for {}", count_of(static_cast<std::size_t>(count), "alarm"),
                                count == 1 ? "stays" : "stay", execution));
  }
  return parts.empty() ? "" : fmt::format("{}, which began later", fmt::join(parts, ", "));
}

Result<int> stay_for_alarms(engine::Engine& engine, const std::string& arn, Progress& progress,
                            const AfterReport& after) {
  if (const auto words = to_follow(progress, after.reported_before); !words.empty()) {
    after.tell(fmt::format("{}; Ctrl-C leaves them to: {}", words, after.resume));
  }
  while (true) {
    const auto execution = TRY(engine.wait_for_end(arn, kFrame));
    if (execution.status != engine::ExecutionStatus::running) break;
    if (!Interrupt::requested()) continue;
    after.tell(fmt::format("stopped waiting; alarms that are still muted follow with:\n  {}", after.resume));
    return ExitCode::success;
  }
  CHECK_OK(catch_up(engine, arn, progress));
  if (const auto words = alarms_of_later(progress); !words.empty()) after.tell(words);
  const auto left = alarms_left(progress);
  if (left.empty()) return ExitCode::success;
  const auto heir = heir_of(engine, TRY(engine.describe_execution(arn)));
  after.tell(heir.empty() ? fmt::format("{}\n  {}", left, after.unmute)
                          : fmt::format("{}: {} sees to them", left, heir));
  return heir.empty() ? ExitCode::no_aws : ExitCode::success;
}

}  // namespace lamplighter::run
