// `lamplighter export ID`: one execution as JSON.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/report_error.h"
#include "run/executions.h"

namespace lamplighter::cli {
namespace {

struct ExportOptions {
  std::string state_dir;
  std::string id;
};

Status print_execution(const ExportOptions& options) {
  const auto engine = TRY(run::open_to_look(options.state_dir));
  const engine::Execution execution = TRY(run::find_execution(*engine, options.id));
  fmt::print("{}", pretty(TRY(engine->export_execution(execution.arn))));
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
    exit_code = status ? static_cast<int>(run::ExitCode::success) : console::report_error(status.error());
  });
}

}  // namespace lamplighter::cli
