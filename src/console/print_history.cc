#include "console/print_history.h"

#include <fmt/format.h>

#include "console/print.h"
#include "console/words.h"
#include "json/json.h"
#include "run/started_by.h"
#include "tasks/protocol/reconcile_answer.h"

namespace lamplighter::console {
namespace {

/// What an event is about, in a few words: the state's name, an error, what a reconcile said.
std::string words(const engine::Event& event) {
  const json::value details(event.details);
  std::string name = get_string(details, "name");
  const std::string error = get_string(details, "error");
  if (!error.empty()) return fmt::format("{}: {}", error, get_string(details, "cause"));
  if (event.type != engine::EventType::task_state_exited) return name;
  const auto output = parse_json(event.payload ? *event.payload : "");
  const auto answer = tasks::read_reconcile_answer(output.value_or(json::value()));
  if (!answer) return name;
  const tasks::PhaseAnswer& phase = answer->phase;
  // What is ready after a stop is stopped.
  const std::string_view status =
      answer->status == tasks::PhaseStatus::ready ? std::string_view("done") : to_string(answer->status);
  return fmt::format("{}: {}, {} of {}{}{}", name, status, phase.servers_ready, phase.servers_total,
                     phase.waiting_for.empty() ? "" : ", waiting for ", phase.waiting_for);
}

}  // namespace

void print_head(const engine::Execution& execution) {
  const std::string starter = run::starter_of(execution);
  print_line(stdout, "{} {}, started at {}{}", execution.name, engine::to_string(execution.status),
             format_time(execution.started), starter.empty() ? "" : " by " + starter);
}

void print_event(const engine::Event& event, Time started) {
  print_line(stdout, "{:>6} {:>8}  {:<24} {}", event.id, elapsed(event.time - started),
             engine::to_string(event.type), words(event));
}

}  // namespace lamplighter::console
