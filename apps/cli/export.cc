// `lamplighter export ID`: one execution as JSON.
#include "engine/runtime/export.h"

#include "apps/cli/place.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "run/executions.h"

namespace lamplighter::cli {
namespace {

struct ExportOptions {
  PlaceOptions place;
  std::string id;
};

Status print_execution(const ExportOptions& options) {
  const run::Place place = TRY(place_of(options.place));
  const auto desk = TRY(run::open_desk(place));
  const engine::Execution execution = TRY(run::find_execution(desk->executions(), place, options.id));
  console::print_json(TRY(engine::export_execution(desk->executions(), execution.arn)));
  return {};
}

}  // namespace

void add_export(CommandLine& line) {
  Verb verb = line.verb("export", "Print an execution (description, definition, history) as JSON");
  verb.footer("Example:\n  lamplighter export start-20261124-060000-x7 > execution.json");
  const auto options = std::make_shared<ExportOptions>();
  verb.option("ID", options->id, "The execution's name or ARN").required();
  add_place(verb, options->place);
  verb.runs([options] { return print_execution(*options); });
}

}  // namespace lamplighter::cli
