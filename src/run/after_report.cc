#include "run/after_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/words.h"
#include "run/embedded_run.h"
#include "run/interrupt.h"
#include "tasks/moment.h"

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
  std::string text;
  if (!unmuting->left.empty())
    text = fmt::format("alarms that are still muted: {}", fmt::join(unmuting->left, ", "));
  // Who wants no alarm touched need not permit a look at them.
  if (!unmuting->troubles.empty() && progress.shape().alarms != tasks::AlarmMatch::none) {
    text += fmt::format("{}{}", text.empty() ? "" : "; ", fmt::join(unmuting->troubles, "; "));
  }
  return text;
}

Status stay_for_alarms(engine::Engine& engine, const std::string& arn, Progress& progress,
                       const std::string& resume, const std::function<void(const std::string&)>& tell) {
  if (const auto words = alarms_to_follow(progress); !words.empty()) {
    tell(fmt::format("{}; Ctrl-C leaves them to: {}", words, resume));
  }
  while (true) {
    const auto execution = TRY(engine.wait_for_end(arn, kFrame));
    if (execution.status != engine::ExecutionStatus::running) break;
    if (!Interrupt::requested()) continue;
    tell(fmt::format("stopped waiting; alarms that are still muted follow with:\n  {}", resume));
    return {};
  }
  CHECK_OK(catch_up(engine, arn, progress));
  if (const auto words = alarms_left(progress); !words.empty()) tell(words);
  return {};
}

}  // namespace lamplighter::run
