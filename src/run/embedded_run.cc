#include "run/embedded_run.h"

#include "run/executions.h"
#include "run/interrupt.h"
#include "run/put_machine.h"
#include "run/started_by.h"

namespace lamplighter::run {
namespace {

constexpr std::chrono::milliseconds kFrame{100};

}  // namespace

engine::Subscription follow(engine::Engine& engine, const std::string& name, Progress& progress) {
  return engine.subscribe([suffix = ":" + name, &progress](const engine::Appended& appended) {
    if (appended.execution_arn.ends_with(suffix)) progress.apply(appended.events);
  });
}

Status catch_up(engine::Executions& engine, const std::string& arn, Progress& progress) {
  return each_page(engine, arn, [&](const auto& events) { progress.apply(events); });
}

Result<RunEnd> watch(engine::Engine& engine, const std::string& arn, Progress& progress, Observer& view,
                     const Clock& clock) {
  while (true) {
    engine::Execution execution = TRY(engine.wait_for_end(arn, kFrame));
    const bool ended = execution.status != engine::ExecutionStatus::running;
    const bool reported = !ended && progress.unmuting();
    if (ended || reported || Interrupt::requested()) {
      CHECK_OK(catch_up(engine, arn, progress));
      view.finish(progress.now(), clock.now());
      return RunEnd{std::move(execution), reported, !ended && !reported};
    }
    view.show(progress.now(), clock.now());
  }
}

Result<RunEnd> run_embedded(engine::Engine& engine, const RunOrder& order, Progress& progress, Observer& view,
                            const Clock& clock) {
  const engine::StateMachine machine = TRY(put_machine(engine, order));
  const engine::Subscription subscription = follow(engine, order.execution, progress);
  const engine::Execution execution = TRY(
      engine.start_execution(machine.arn, order.execution, json_text(order.input), started_by_this_user()));
  return watch(engine, execution.arn, progress, view, clock);
}

}  // namespace lamplighter::run
