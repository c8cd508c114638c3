// lamplighter executions: what ran, and what is running.
#include <memory>

#include "apps/cli/place.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "console/print_executions.h"
#include "run/listed.h"
#include "run/started_by.h"

namespace lamplighter::cli {
namespace {

struct ExecutionsVerb {
  PlaceOptions place;
  bool json = false;
};

json::object to_json(const run::Listed& listed, const run::Desk& desk) {
  const engine::Execution& execution = listed.execution;
  const auto& passed_over = listed.passed_over;
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
          {"cause", execution.cause ? json::value(*execution.cause) : json::value()},
          {"skipped", passed_over ? json::value_from(passed_over->skipped) : json::value()},
          {"superseded", passed_over ? json::value_from(passed_over->superseded) : json::value()}};
}

Status list(const ExecutionsVerb& options) {
  const auto place = TRY(place_of(options.place));
  const auto desk = TRY(run::open_desk(place));
  const auto listed = TRY(run::listed_at(*desk, place));
  if (!options.json) {
    console::print_executions(listed, place, *desk);
    return {};
  }
  json::array rows;
  for (const run::Listed& one : listed) rows.push_back(to_json(one, *desk));
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
