#include "run/retried.h"

#include <fmt/format.h>

#include "run/desk.h"
#include "run/watch.h"

namespace lamplighter::run {
namespace {

/// By as much the clocks of two processes may differ: one may have run faster (--speed).
constexpr Duration kClocksDiffer = std::chrono::hours{24};

/// Newest first. A retry runs the same machine, later.
Result<std::vector<engine::Execution>> later_ones(engine::Executions& executions,
                                                  const engine::Execution& halted) {
  std::vector<engine::Execution> later;
  engine::ListExecutions request{halted.state_machine_arn, std::nullopt, 1'000, ""};
  do {
    auto page = TRY(executions.list_executions(request));
    request.token = std::move(page.next);
    for (engine::Execution& one : page.items) {
      if (one.started < halted.started - kClocksDiffer) return later;
      if (one.arn != halted.arn) later.push_back(std::move(one));
    }
  } while (!request.token.empty());
  return later;
}

}  // namespace

Status check_not_retried(engine::Executions& executions, const Place& place,
                         const engine::Execution& halted) {
  for (const engine::Execution& one : TRY(later_ones(executions, halted))) {
    const auto described = executions.describe_execution(one.arn);
    const auto input = parse_json(described ? described->input : "").value_or(json::value());
    if (get_string(input, kRetries) != halted.name) continue;
    const bool runs = described->status == engine::ExecutionStatus::running;
    return fail(
        ErrorKind::bad_input, "RetriedAlready",
        fmt::format("nothing was changed: {} was retried already, by {}, which {}:\n  {}", halted.name,
                    one.name,
                    runs ? "is running" : fmt::format("has ended ({})", engine::to_string(described->status)),
                    command_at(place, runs ? "watch" : "history", one.name)));
  }
  return {};
}

}  // namespace lamplighter::run
