#include "run/after_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/words.h"
#include "run/embedded_run.h"
#include "run/exit_code.h"
#include "run/interrupt.h"
#include "tasks/moment.h"
#include "tasks/protocol/unmute.h"

namespace lamplighter::run {
namespace {

constexpr std::chrono::milliseconds kFrame{100};

}  // namespace

std::string alarms_to_follow(const Progress& progress) {
  const auto report = progress.report();
  if (!report || report->alarms.follow == 0) return "";
  const auto& alarms = report->alarms;
  return fmt::format(
      "{} {} {}", count_of(static_cast<std::size_t>(alarms.follow), "alarm"),
      alarms.follow == 1 ? "follows" : "follow",
      alarms.follow_by ? "by " + tasks::readable(*alarms.follow_by, progress.shape().timezone) : "at once");
}

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
  if (const auto words = alarms_to_follow(progress); !words.empty()) {
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
  after.tell(fmt::format("{}\n  {}", left, after.unmute));
  return ExitCode::no_aws;
}

}  // namespace lamplighter::run
