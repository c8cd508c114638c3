// lamplighter executions: what ran, and what is running.
#include "cmd/executions.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cmd/options.h"
#include "cmd/verb.h"
#include "cmd/verbs.h"
#include "cmd/words.h"

namespace lamplighter::cmd {
namespace {

/// For an engine that only shows: it never calls it.
class NoTasks final : public engine::TaskRunner {
 public:
  engine::TaskResult run(const engine::TaskRequest&) override {
    return tl::unexpected(engine::TaskFailure{"States.Runtime", "this process runs no tasks"});
  }
};

struct ExecutionsVerb {
  std::string state_dir;
  bool json = false;
};

json::object to_json(const engine::Execution& execution) {
  return {{"execution", execution.name},
          {"arn", execution.arn},
          {"status", engine::to_string(execution.status)},
          {"started_at", format_time(execution.started)},
          {"ended_at", execution.ended ? json::value(format_time(*execution.ended)) : json::value()},
          {"error", execution.error ? json::value(*execution.error) : json::value()},
          {"cause", execution.cause ? json::value(*execution.cause) : json::value()}};
}

void print_row(const engine::Execution& execution) {
  const std::string took = execution.ended ? elapsed(*execution.ended - execution.started) : "";
  fmt::print("{:<32} {:<10} {:<20} {:>8}  {}\n", execution.name, engine::to_string(execution.status),
             format_time(execution.started).substr(0, 19), took,
             execution.cause.value_or(execution.error.value_or("")));
}

Status list(const ExecutionsVerb& options) {
  const auto engine = TRY(open_to_look(options.state_dir));
  const auto executions = TRY(all_executions(*engine, std::nullopt));
  if (options.json) {
    json::array rows;
    for (const engine::Execution& execution : executions) rows.push_back(to_json(execution));
    fmt::print("{}", pretty(rows));
    return {};
  }
  fmt::print("{:<32} {:<10} {:<20} {:>8}  {}\n", "EXECUTION", "STATUS", "STARTED (UTC)", "TOOK", "CAUSE");
  for (const engine::Execution& execution : executions) print_row(execution);
  return {};
}

}  // namespace

Result<std::unique_ptr<engine::Engine>> open_to_look(const std::string& state_dir) {
  static SystemClock clock;
  static NoTasks runner;
  engine::Options options;
  options.state_dir = TRY(state_directory(state_dir));
  if (!std::filesystem::exists(options.state_dir)) {
    return fail(
        ErrorKind::bad_input, "NoExecutions",
        fmt::format("{} does not exist: nothing was started from here yet, or another --state-dir was used",
                    options.state_dir.string()));
  }
  return engine::Engine::open(options, clock, runner);
}

Result<std::vector<engine::Execution>> all_executions(engine::Engine& engine,
                                                      std::optional<engine::ExecutionStatus> status) {
  std::vector<engine::Execution> executions;
  engine::ListExecutions request;
  request.status = status;
  request.max = 1000;
  do {
    auto page = TRY(engine.list_executions(request));
    for (engine::Execution& execution : page.items) executions.push_back(std::move(execution));
    request.token = std::move(page.next);
  } while (!request.token.empty());
  return executions;
}

Result<engine::Execution> find_execution(engine::Engine& engine, const std::string& wanted) {
  if (wanted.starts_with("arn:")) return engine.describe_execution(wanted);
  for (const engine::Execution& execution : TRY(all_executions(engine, std::nullopt))) {
    if (execution.name == wanted) return engine.describe_execution(execution.arn);
  }
  return fail(ErrorKind::bad_input, "ExecutionDoesNotExist",
              fmt::format("found no execution \"{}\": lamplighter executions lists them", wanted));
}

void add_executions(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("executions", "List what ran and what is running, newest first");
  auto options = std::make_shared<ExecutionsVerb>();
  add_state_dir(*verb, options->state_dir);
  verb->add_flag("--json", options->json, "As a JSON array");
  verb->footer("Example:\n  lamplighter executions");
  verb->callback([options, &exit_code] {
    const Status status = list(*options);
    exit_code = status ? static_cast<int>(ExitCode::success) : report_error(status.error());
  });
}

}  // namespace lamplighter::cmd
