// lamplighter history: the events of one execution.
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/report_error.h"
#include "console/words.h"
#include "run/executions.h"

namespace lamplighter::cli {
namespace {

struct HistoryVerb {
  std::string execution;
  std::string state_dir;
  bool json = false;
};

/// What an event is about, in a few words: the state's name, an error, what a reconcile said.
std::string words(const engine::Event& event) {
  const json::value details(event.details);
  std::string name = get_string(details, "name");
  const std::string error = get_string(details, "error");
  if (!error.empty()) return fmt::format("{}: {}", error, get_string(details, "cause"));
  if (event.type != "TaskStateExited") return name;
  const auto output = parse_json(get_string(details, "output"));
  const json::value* phase = output ? find(*output, "phase") : nullptr;
  if (phase == nullptr) return name;
  const std::string waiting = get_string(*phase, "waiting_for");
  return fmt::format("{}: {}, {} of {}{}{}", name, get_string(*output, "status"),
                     get_int(*phase, "servers_ready"), get_int(*phase, "servers_total"),
                     waiting.empty() ? "" : ", waiting for ", waiting);
}

void print_event(const engine::Event& event, Time started) {
  std::string text = words(event);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  fmt::print("{:>6} {:>8}  {:<24} {}\n", event.id, console::elapsed(event.time - started), event.type, text);
}

Status history(const HistoryVerb& options) {
  const auto engine = TRY(run::open_to_look(options.state_dir));
  const engine::Execution execution = TRY(run::find_execution(*engine, options.execution));
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
        print_event(event, execution.started);
      }
    }
    request.token = std::move(page.next);
  } while (!request.token.empty());
  if (options.json) fmt::print("{}", pretty(events));
  return {};
}

}  // namespace

void add_history(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("history", "Print the events of one execution");
  auto options = std::make_shared<HistoryVerb>();
  verb->add_option("execution", options->execution, "Its name or ARN")->required()->type_name("ID");
  add_state_dir(*verb, options->state_dir);
  verb->add_flag("--json", options->json, "As GetExecutionHistory gives them");
  verb->footer("Example:\n  lamplighter history start-20261124-060000-x7ab");
  verb->callback([options, &exit_code] {
    const Status status = history(*options);
    exit_code = status ? static_cast<int>(run::ExitCode::success) : console::report_error(status.error());
  });
}

}  // namespace lamplighter::cli
