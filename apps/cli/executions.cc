// lamplighter executions: what ran, and what is running.
#include "run/executions.h"

#include <algorithm>
#include <memory>

#include "apps/cli/place.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "console/print_executions.h"
#include "run/started_by.h"

namespace lamplighter::cli {
namespace {

struct ExecutionsVerb {
  PlaceOptions place;
  bool json = false;
};

json::object to_json(const engine::Execution& execution, const run::Desk& desk) {
  const std::string starter = run::starter_of(execution);
  const bool runs = execution.status == engine::ExecutionStatus::running;
  return {{"execution", execution.name},
          {"name", execution.name},
          {"arn", execution.arn},
          {"status", engine::to_string(execution.status)},
          {"carried_on", runs ? json::value(desk.is_worked_at(execution.arn)) : json::value()},
          {"started_by", starter.empty() ? json::value() : json::value(starter)},
          {"started_at", format_time(execution.started)},
          {"ended_at", execution.ended ? json::value(format_time(*execution.ended)) : json::value()},
          {"error", execution.error ? json::value(*execution.error) : json::value()},
          {"cause", execution.cause ? json::value(*execution.cause) : json::value()}};
}

/// Who started it, Step Functions' lists don't say: the newest are asked.
void describe_newest(engine::Executions& executions, std::vector<engine::Execution>& listed) {
  constexpr std::size_t kDescribed = 20;
  for (std::size_t i = 0; i < std::min(listed.size(), kDescribed); ++i) {
    auto described = executions.describe_execution(listed[i].arn);
    if (described) listed[i] = *std::move(described);
  }
}

Status list(const ExecutionsVerb& options) {
  const auto place = TRY(place_of(options.place));
  const auto desk = TRY(run::open_desk(place));
  auto executions = TRY(run::all_executions(desk->executions(), std::nullopt));
  if (options.place.cloud) describe_newest(desk->executions(), executions);
  if (!options.json) {
    console::print_executions(executions, place, *desk);
    return {};
  }
  json::array rows;
  for (const engine::Execution& execution : executions) rows.push_back(to_json(execution, *desk));
  console::print_json(rows);
  return {};
}

}  // namespace

void add_executions(CommandLine& line) {
  Verb verb = line.verb("executions", "List what ran and what is running, newest first");
  auto options = std::make_shared<ExecutionsVerb>();
  add_place(verb, options->place);
  verb.flag("--json", options->json, "As a JSON array");
  verb.footer("Example:\n  lamplighter executions");
  verb.runs([options] { return list(*options); });
}

}  // namespace lamplighter::cli
