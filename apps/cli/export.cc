// `lamplighter export ID`: one execution as JSON.
#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
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
  console::print_json(TRY(engine->export_execution(execution.arn)));
  return {};
}

}  // namespace

void add_export(CommandLine& line) {
  Verb verb = line.verb("export", "Print an execution (description, definition, history) as JSON");
  verb.footer("Example:\n  lamplighter export start-20261124-060000-x7 > execution.json");
  const auto options = std::make_shared<ExportOptions>();
  verb.option("ID", options->id, "The execution's name or ARN").required();
  add_state_dir(verb, options->state_dir);
  verb.runs([options] { return print_execution(*options); });
}

}  // namespace lamplighter::cli
