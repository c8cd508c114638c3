#include "run/past.h"

#include <fmt/format.h>

#include "machine/shape.h"
#include "run/embedded_run.h"
#include "run/order.h"

namespace lamplighter::run {

Result<Outcome> past_outcome(engine::Engine& engine, const engine::Execution& execution) {
  if (execution.status == engine::ExecutionStatus::running) {
    return fail(ErrorKind::bad_input, "NotEnded",
                fmt::format("{} is still running: its report comes at its end", execution.name));
  }
  const std::string text = TRY(engine.execution_definition(execution.arn));
  const machine::Shape shape = TRY(machine::read_shape(TRY(parse_json(text))));
  const auto input = parse_json(execution.input);
  Progress progress(input ? shape.only(chosen_in(*input)) : shape, execution.name);
  CHECK_OK(catch_up(engine, execution.arn, progress));
  return outcome_of({execution, false}, progress, nullptr);
}

}  // namespace lamplighter::run
