// lamplighter executions: what ran, and what is running.
#include "run/executions.h"

#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "console/words.h"

namespace lamplighter::cli {
namespace {

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
  const std::string took = execution.ended ? console::elapsed(*execution.ended - execution.started) : "";
  console::print_line(stdout, "{:<32} {:<10} {:<20} {:>8}  {}", execution.name,
                      engine::to_string(execution.status), format_time(execution.started).substr(0, 19), took,
                      execution.cause.value_or(execution.error.value_or("")));
}

Status list(const ExecutionsVerb& options) {
  const auto engine = TRY(run::open_to_look(options.state_dir));
  const auto executions = TRY(run::all_executions(*engine, std::nullopt));
  if (options.json) {
    json::array rows;
    for (const engine::Execution& execution : executions) rows.push_back(to_json(execution));
    console::print_json(rows);
    return {};
  }
  console::print_line(stdout, "{:<32} {:<10} {:<20} {:>8}  {}", "EXECUTION", "STATUS", "STARTED (UTC)",
                      "TOOK", "CAUSE");
  for (const engine::Execution& execution : executions) print_row(execution);
  return {};
}

}  // namespace

void add_executions(CommandLine& line) {
  Verb verb = line.verb("executions", "List what ran and what is running, newest first");
  auto options = std::make_shared<ExecutionsVerb>();
  add_state_dir(verb, options->state_dir);
  verb.flag("--json", options->json, "As a JSON array");
  verb.footer("Example:\n  lamplighter executions");
  verb.runs([options] { return list(*options); });
}

}  // namespace lamplighter::cli
