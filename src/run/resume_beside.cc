#include "run/resume_beside.h"

#include <fmt/format.h>

#include "run/desk.h"
#include "run/executions.h"
#include "run/hand_over.h"
#include "run/watch.h"

namespace lamplighter::run {
namespace {

/// What to do about one that runs.
std::string words_of(const Desk& desk, const Place& place, const engine::Execution& running) {
  if (desk.is_worked_at(running.arn))
    return fmt::format("it carries {0} on, and this watches that:\n  {1}", running.name,
                       command_at(place, "watch", running.name));
  return fmt::format("it left {0} as it is. Once it has ended, {0} goes on with:\n  {1}", running.name,
                     command_at(place, "resume", running.name));
}

Result<std::vector<engine::Execution>> meant(engine::Executions& executions, const Place& place,
                                             const std::string& wanted) {
  if (wanted.empty()) return all_executions(executions, engine::ExecutionStatus::running);
  return std::vector{TRY(find_running(executions, place, wanted))};
}

}  // namespace

Status check_nobody_carries_on(const std::string& state_dir, const std::string& wanted) {
  const auto desk = TRY(desk_of_directory(TRY(state_directory(state_dir))));
  if (!desk) return {};
  const Place place{state_dir, std::nullopt};
  std::string text = run::words_of(*desk->holder()) + " holds the state directory";
  const auto running = TRY(meant(desk->executions(), place, wanted));
  if (running.empty()) text += ", and nothing runs there that could go on";
  for (const engine::Execution& one : running) text += "\n" + words_of(*desk, place, one);
  return fail(ErrorKind::bad_input, "StateDirectoryInUse", text);
}

}  // namespace lamplighter::run
