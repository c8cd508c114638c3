// lamplighter history: what an execution did, or its events.
#include <cstdio>
#include <memory>

#include "apps/cli/place.h"
#include "apps/cli/verbs.h"
#include "console/plain_view.h"
#include "console/print.h"
#include "console/print_history.h"
#include "console/print_outcome.h"
#include "run/executions.h"
#include "run/past.h"

namespace lamplighter::cli {
namespace {

struct HistoryVerb {
  std::string execution;
  PlaceOptions place;
  bool events = false;
  bool report = false;
  bool json = false;
};

Status print_events(engine::Executions& executions, const engine::Execution& execution) {
  return run::each_page(executions, execution.arn, [&](const auto& events) {
    for (const engine::Event& event : events) console::print_event(event, execution.started);
  });
}

Status print_json(engine::Executions& executions, const engine::Execution& execution) {
  json::array events;
  CHECK_OK(run::each_page(executions, execution.arn, [&](const auto& page) {
    for (const engine::Event& event : page) events.push_back(engine::to_history_json(event));
  }));
  console::print_json(events);
  return {};
}

/// As the live view's lines; the events where the machine is of another's making.
Status print_story(engine::Executions& executions, const engine::Execution& execution) {
  console::print_head(execution);
  console::PlainView view(stdout);
  const auto told = run::tell_story(executions, execution, view);
  if (!told && told.error().code == "NotCompiled") return print_events(executions, execution);
  return told;
}

Status history(const HistoryVerb& options) {
  const run::Place place = TRY(place_of(options.place));
  const auto desk = TRY(run::open_desk(place));
  auto& executions = desk->executions();
  const engine::Execution execution = TRY(run::find_execution(executions, place, options.execution));
  if (options.report) {
    console::print(TRY(run::past_outcome(executions, execution, options.json ? &place : nullptr)),
                   options.json);
    return {};
  }
  if (options.json) return print_json(executions, execution);
  CHECK_OK((options.events ? print_events : print_story)(executions, execution));
  if (options.events) return {};
  const auto outcome = run::past_outcome(executions, execution);
  if (outcome && !outcome->body.empty()) console::print(*outcome, false);
  return {};
}

}  // namespace

void add_history(CommandLine& line) {
  Verb verb = line.verb("history", "Tell what one execution did");
  const auto options = std::make_shared<HistoryVerb>();
  verb.option("execution", options->execution, "Its name or ARN").required().called("ID");
  add_place(verb, options->place);
  verb.flag("--events", options->events, "The state machine's events instead, a line each");
  verb.flag("--report", options->report, "Only the report, as it was mailed or would have been");
  verb.flag("--json", options->json,
            "The events as GetExecutionHistory gives them; with --report as start ends with");
  verb.footer("Example:\n  lamplighter history start-20261124-060000-x7ab");
  verb.runs([options] { return history(*options); });
}

}  // namespace lamplighter::cli
