#include "machine/events.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/limits.h"

namespace lamplighter::machine {
namespace {

// TaskStateEntered, TaskScheduled, TaskStarted, TaskSucceeded, TaskStateExited; and the Choice's two.
constexpr long kLook = 5 + 2;
constexpr long kWait = 2;
constexpr long kSettle = 2;
constexpr long kEnvironment = 2;  // the branch's last Pass
// ExecutionStarted, the Parallel's four, the Choice, the report, the Succeed, ExecutionSucceeded.
constexpr long kExecution = 1 + 4 + 2 + 5 + 2 + 1;

bool chosen(const std::vector<std::string>& environments, const std::string& name) {
  return environments.empty() ||
         std::find(environments.begin(), environments.end(), name) != environments.end();
}

int seconds(Duration duration) {
  return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

}  // namespace

long most_events(const fleet::Fleet& fleet, const std::vector<std::string>& environments,
                 const tasks::Pace& pace) {
  long events = kExecution;
  for (const fleet::Environment& environment : fleet.environments) {
    if (!chosen(environments, environment.name)) continue;
    events += kEnvironment;
    for (const fleet::Phase& phase : environment.phases) {
      const long looks = tasks::most_looks(pace, seconds(phase.timeout));
      events += looks * kLook + (looks - 1) * kWait + kSettle;
    }
  }
  return events;
}

Result<tasks::Pace> fitting_pace(const fleet::Fleet& fleet, const std::vector<std::string>& environments,
                                 std::span<const tasks::Pace> paces) {
  for (const tasks::Pace& pace : paces) {
    if (most_events(fleet, environments, pace) <= limits::kHistoryEvents) return pace;
  }
  return fail(ErrorKind::bad_input, "TooManyEvents",
              fmt::format("an execution could have {} events at its phases' timeouts, the limit is {}: "
                          "shorten timeouts, or make two fleet files of it",
                          most_events(fleet, environments, paces.back()), limits::kHistoryEvents));
}

}  // namespace lamplighter::machine
