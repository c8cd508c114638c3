// lamplighter history: the events of one execution.
#include <memory>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "console/print_history.h"
#include "console/print_outcome.h"
#include "run/executions.h"
#include "run/past.h"

namespace lamplighter::cli {
namespace {

struct HistoryVerb {
  std::string execution;
  std::string state_dir;
  bool report = false;
  bool json = false;
};

/// Behind the events, where there is one.
void print_report(engine::Engine& engine, const engine::Execution& execution) {
  const auto outcome = run::past_outcome(engine, execution);
  if (outcome && !outcome->body.empty()) console::print(*outcome, false);
}

Status history(const HistoryVerb& options) {
  const auto engine = TRY(run::open_to_look(options.state_dir));
  const engine::Execution execution = TRY(run::find_execution(*engine, options.execution));
  if (options.report) {
    console::print(TRY(run::past_outcome(*engine, execution)), options.json);
    return {};
  }
  engine::HistoryRequest request;
  request.execution_arn = execution.arn;
  request.max = 1000;
  json::array events;
  do {
    auto page = TRY(engine->history(request));
    for (const engine::Event& event : page.items) {
      if (options.json) {
        events.push_back(engine::to_history_json(event));
      } else {
        console::print_event(event, execution.started);
      }
    }
    request.token = std::move(page.next);
  } while (!request.token.empty());
  if (options.json) {
    console::print_json(events);
  } else {
    print_report(*engine, execution);
  }
  return {};
}

}  // namespace

void add_history(CommandLine& line) {
  Verb verb = line.verb("history", "Print the events of one execution");
  const auto options = std::make_shared<HistoryVerb>();
  verb.option("execution", options->execution, "Its name or ARN").required().called("ID");
  add_state_dir(verb, options->state_dir);
  verb.flag("--report", options->report, "Only the report, as it was mailed or would have been");
  verb.flag("--json", options->json, "As GetExecutionHistory gives them; with --report as start ends with");
  verb.footer("Example:\n  lamplighter history start-20261124-060000-x7ab");
  verb.runs([options] { return history(*options); });
}

}  // namespace lamplighter::cli
