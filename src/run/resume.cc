#include "run/resume.h"

#include <algorithm>

#include <fmt/format.h>

#include "run/command.h"
#include "run/embedded_run.h"
#include "run/executions.h"
#include "run/exit_code.h"
#include "run/interrupt.h"
#include "run/leave.h"

namespace lamplighter::run {
namespace {

/// One execution that goes on, with its own picture. Lives as long as the engine tells it events.
struct Followed {
  std::string arn;
  std::unique_ptr<Progress> progress;
  engine::Subscription subscription;
};

Result<Followed> follow_from_start(engine::Engine& engine, const engine::Execution& execution) {
  const std::string text = TRY(engine.execution_definition(execution.arn));
  const auto chosen = chosen_in(parse_json(execution.input).value_or(json::value()));
  const machine::Shape shape = TRY(machine::read_shape(TRY(parse_json(text)))).only(chosen);
  Followed followed{execution.arn, std::make_unique<Progress>(shape, execution.name), {}};
  CHECK_OK(catch_up(engine, execution.arn, *followed.progress));
  followed.subscription = follow(engine, execution.name, *followed.progress);
  return followed;
}

Result<std::vector<engine::Execution>> to_resume(engine::Engine& engine, const std::string& wanted) {
  if (wanted.empty()) return all_executions(engine, engine::ExecutionStatus::running);
  engine::Execution execution = TRY(find_execution(engine, wanted));
  if (execution.status != engine::ExecutionStatus::running) {
    return fail(ErrorKind::bad_input, "NotRunning",
                fmt::format("{} has ended ({}): see lamplighter history {}", execution.name,
                            engine::to_string(execution.status), execution.name));
  }
  return std::vector{std::move(execution)};
}

/// Starts them all; those of our own making are followed. A machine of another's making (through `serve`)
/// goes on too, without a picture.
Result<std::vector<Followed>> resume_all(engine::Engine& engine,
                                         const std::vector<engine::Execution>& executions) {
  std::vector<Followed> followed;
  for (const engine::Execution& execution : executions) {
    auto one = follow_from_start(engine, execution);
    if (one) followed.push_back(*std::move(one));
    CHECK_OK(engine.resume(execution.arn));
  }
  return followed;
}

std::string same_command(const ResumeOrder& order) {
  Command command{.verb = "resume", .aws = order.aws, .state_dir = order.state_dir, .speed = order.speed};
  if (!order.execution.empty()) command.arguments = {order.execution};
  return command_text(command, SystemHost());
}

}  // namespace

Result<std::optional<int>> resume(const ResumeOrder& order,
                                  const std::function<std::unique_ptr<Observer>()>& make_observer,
                                  const Report& report) {
  SystemClock clock(order.speed);
  const auto access = TRY(CloudAccess::make(order.aws, clock));
  const Interrupt interrupt;
  engine::Options engine_options;
  engine_options.state_dir = TRY(state_directory(order.state_dir));
  engine_options.trouble = order.trouble;
  const auto engine = TRY(engine::Engine::open(engine_options, clock, access->runner()));
  const auto executions = TRY(to_resume(*engine, order.execution));
  if (executions.empty()) return std::nullopt;
  const auto followed = TRY(resume_all(*engine, executions));
  int code = ExitCode::success;
  for (const Followed& one : followed) {
    const auto observer = make_observer();
    const RunEnd end = TRY(watch(*engine, one.arn, *one.progress, *observer, clock));
    Outcome outcome = outcome_of(end, *one.progress, access->session().counts());
    if (end.interrupted) outcome.trouble = "stopped waiting; it goes on with:\n  " + same_command(order);
    code = std::max(code, report(outcome));
    if (end.interrupted) break;
  }
  close_engine(*engine, code);
  return code;
}

}  // namespace lamplighter::run
