#include "run/past.h"

#include <fmt/format.h>

#include "run/event_feed.h"
#include "run/every_server.h"
#include "run/order.h"
#include "run/past_access.h"

namespace lamplighter::run {

Result<machine::Shape> shape_of(engine::Executions& executions, const engine::Execution& execution) {
  const std::string text = TRY(executions.execution_definition(execution.arn));
  const machine::Shape shape = TRY(machine::read_shape(TRY(parse_json(text))));
  return shape.only(chosen_in(parse_json(execution.input).value_or(json::value())));
}

Result<std::unique_ptr<Progress>> progress_of(engine::Executions& executions,
                                              const engine::Execution& execution) {
  return std::make_unique<Progress>(TRY(shape_of(executions, execution)), execution.name);
}

bool has_reported(engine::Executions& executions, const engine::Execution& execution) {
  const auto progress = progress_of(executions, execution);
  return progress && EventFeed(executions, execution.arn, **progress).ask() && (*progress)->unmuting();
}

Status tell_story(engine::Executions& executions, const engine::Execution& execution, Observer& view) {
  const auto progress = TRY(progress_of(executions, execution));
  const auto show = [&](const engine::Event& event) { view.show(progress->now(), event.time); };
  CHECK_OK(EventFeed(executions, execution.arn, *progress, show).ask());
  return {};
}

Outcome outcome_of_others(const RunEnd& end, const Progress& progress, const Place* place) {
  const bool asks = place != nullptr && leaves_servers_out(progress.report());
  const auto access = asks ? PastAccess::of(*place, end.execution) : nullptr;
  return outcome_of(end, progress, nullptr, access ? &access->caller() : nullptr);
}

Result<Outcome> past_outcome(engine::Executions& executions, const engine::Execution& execution,
                             const Place* place) {
  const auto progress = TRY(progress_of(executions, execution));
  CHECK_OK(EventFeed(executions, execution.arn, *progress).ask());
  const bool reported = progress->unmuting().has_value();
  if (execution.status == engine::ExecutionStatus::running && !reported) {
    return fail(ErrorKind::bad_input, "NotEnded",
                fmt::format("{} is still running: its report comes at its end", execution.name));
  }
  return outcome_of_others({execution, reported, false}, *progress, place);
}

Result<Halted> halted_in(engine::Executions& executions, const engine::Execution& execution) {
  const Outcome outcome = TRY(past_outcome(executions, execution));
  const json::value result(outcome.json);
  Halted halted{tasks::parse_action(get_string(result, "action")).value_or(tasks::Action::start), {}};
  for (const auto& environment : outcome.json.at("environments").as_array()) {
    if (get_string(environment, "status") == "halted")
      halted.environments.push_back(get_string(environment, "name"));
  }
  if (!halted.environments.empty()) return halted;
  return fail(ErrorKind::bad_input, "NothingHalted",
              fmt::format("nothing was changed: no environment of {} halted", execution.name));
}

}  // namespace lamplighter::run
