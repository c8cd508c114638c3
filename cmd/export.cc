// `lamplighter export ID`: one execution as JSON.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cmd/options.h"
#include "cmd/verb.h"
#include "cmd/verbs.h"
#include "engine/engine.h"

namespace lamplighter::cmd {
namespace {

/// The engine is opened to look only.
class NoTasks final : public engine::TaskRunner {
 public:
  engine::TaskResult run(const engine::TaskRequest& /*request*/) override {
    return tl::unexpected(engine::TaskFailure{"States.Runtime", "this process runs no tasks"});
  }
};

struct ExportOptions {
  std::string state_dir;
  std::string id;
};

/// An execution's ARN from its ARN or its name: the newest of that name.
Result<std::string> to_arn(engine::Engine& engine, const std::string& id) {
  if (id.starts_with("arn:")) return id;
  engine::ListExecutions request;
  request.max = 1000;
  do {
    const auto page = TRY(engine.list_executions(request));
    for (const auto& execution : page.items) {
      if (execution.name == id) return execution.arn;
    }
    request.token = page.next;
  } while (!request.token.empty());
  return fail(ErrorKind::bad_input, "ExecutionDoesNotExist", fmt::format("found no execution \"{}\"", id));
}

Status print_execution(const ExportOptions& options) {
  SystemClock clock;
  NoTasks no_tasks;
  engine::Options engine_options;
  engine_options.state_dir = TRY(state_directory(options.state_dir));
  const auto engine = TRY(engine::Engine::open(engine_options, clock, no_tasks));
  const auto arn = TRY(to_arn(*engine, options.id));
  fmt::print("{}", pretty(TRY(engine->export_execution(arn))));
  return {};
}

}  // namespace

void add_export(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("export", "Print an execution (description, definition, history) as JSON");
  verb->footer("Example:\n  lamplighter export start-20261124-060000-x7 > execution.json");
  const auto options = std::make_shared<ExportOptions>();
  verb->add_option("ID", options->id, "The execution's name or ARN")->required();
  add_state_dir(*verb, options->state_dir);
  verb->callback([options, &exit_code] {
    const Status status = print_execution(*options);
    exit_code = status ? static_cast<int>(ExitCode::success) : report_error(status.error());
  });
}

}  // namespace lamplighter::cmd
