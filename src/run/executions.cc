#include "run/executions.h"

#include <cstdlib>

#include <fmt/format.h>

#include "base/plain_text.h"
#include "machine/shape.h"
#include "run/watch.h"

namespace lamplighter::run {
namespace {

/// For an engine that only shows: it never calls it.
class NoTasks final : public engine::TaskRunner {
 public:
  engine::TaskResult run(const engine::TaskRequest&) override {
    return tl::unexpected(engine::TaskFailure{"States.Runtime", "this process runs no tasks"});
  }
};

/// Newest first; of every machine where none is named.
Result<std::vector<engine::Execution>> executions_of(engine::Executions& engine, const std::string& machine,
                                                     std::optional<engine::ExecutionStatus> status) {
  std::vector<engine::Execution> executions;
  engine::ListExecutions request;
  request.state_machine_arn = machine;
  request.status = status;
  request.max = 1000;
  do {
    auto page = TRY(engine.list_executions(request));
    for (engine::Execution& execution : page.items) executions.push_back(std::move(execution));
    request.token = std::move(page.next);
  } while (!request.token.empty());
  return executions;
}

}  // namespace

Result<std::filesystem::path> state_directory(const std::string& given) {
  if (!given.empty()) return given;
  const char* state_home = std::getenv("XDG_STATE_HOME");
  // The specification has relative paths ignored.
  if (state_home != nullptr && state_home[0] == '/') return std::filesystem::path(state_home) / "lamplighter";
  const char* home = std::getenv("HOME");
  if (home != nullptr && home[0] == '/') return std::filesystem::path(home) / ".local/state/lamplighter";
  return fail(ErrorKind::bad_input, "NoStateDirectory",
              "found neither XDG_STATE_HOME nor HOME in the environment: say --state-dir DIR");
}

Result<std::unique_ptr<engine::Engine>> open_to_look(const std::string& state_dir) {
  static SystemClock clock;
  static NoTasks runner;
  engine::Options options;
  options.state_dir = TRY(state_directory(state_dir));
  std::error_code trouble;  // what can't be looked at, the engine says better
  if (!std::filesystem::exists(options.state_dir, trouble) && !trouble) {
    return fail(
        ErrorKind::bad_input, "NoExecutions",
        fmt::format("{} does not exist: nothing was started from here yet, or another --state-dir was used",
                    plain_line(options.state_dir.string())));
  }
  return engine::Engine::open(options, clock, runner);
}

Result<std::vector<engine::Execution>> all_executions(engine::Executions& engine,
                                                      std::optional<engine::ExecutionStatus> status) {
  return executions_of(engine, "", status);
}

Result<std::vector<engine::Execution>> running_runs(engine::Engine& engine) {
  std::vector<engine::Execution> runs;
  std::string token;
  do {
    const auto machines = TRY(engine.list_state_machines(1000, token));
    for (const engine::StateMachine& machine : machines.items) {
      const auto definition = parse_json(machine.definition);
      if (!definition || !machine::read_shape(*definition)) continue;
      for (const auto& one : TRY(executions_of(engine, machine.arn, engine::ExecutionStatus::running))) {
        runs.push_back(TRY(engine.describe_execution(one.arn)));
      }
    }
    token = machines.next;
  } while (!token.empty());
  return runs;
}

std::set<std::string> running_arns(engine::Executions& executions) {
  std::set<std::string> arns;
  const auto running = all_executions(executions, engine::ExecutionStatus::running);
  if (!running) return arns;
  for (const engine::Execution& one : *running) arns.insert(one.arn);
  return arns;
}

Result<engine::Execution> find_execution(engine::Executions& engine, const Place& place,
                                         const std::string& wanted) {
  if (wanted.starts_with("arn:")) return engine.describe_execution(wanted);
  for (const engine::Execution& execution : TRY(all_executions(engine, std::nullopt))) {
    if (execution.name == wanted) return engine.describe_execution(execution.arn);
  }
  return fail(ErrorKind::bad_input, "ExecutionDoesNotExist",
              fmt::format("found no execution \"{}\"; this lists them:\n  {}", plain_line(wanted),
                          command_at(place, "executions", "")));
}

Result<engine::Execution> find_running(engine::Executions& engine, const Place& place,
                                       const std::string& wanted) {
  auto execution = TRY(find_execution(engine, place, wanted));
  if (execution.status == engine::ExecutionStatus::running) return execution;
  return fail(ErrorKind::bad_input, "NotRunning",
              fmt::format("{} has ended ({}): see {}", execution.name, engine::to_string(execution.status),
                          command_at(place, "history", execution.name)));
}

Status each_page(engine::Executions& executions, const std::string& arn,
                 const std::function<void(const std::vector<engine::Event>&)>& take) {
  engine::HistoryRequest request{arn, 1000, false, ""};
  do {
    auto page = TRY(executions.history(request));
    take(page.items);
    request.token = std::move(page.next);
  } while (!request.token.empty());
  return {};
}

}  // namespace lamplighter::run
