// Wait: goes on after so many seconds, or at a moment.
#include <fmt/format.h>

#include "engine/core/event_reading.h"
#include "engine/core/execution_limits.h"
#include "engine/core/execution_state.h"
#include "engine/core/state_context.h"
#include "engine/core/states/kind.h"

namespace lamplighter::engine {
namespace {

tl::unexpected<EvaluationFailure> no_moment(const asl::State& state, const std::string& text) {
  return tl::unexpected(EvaluationFailure{
      "Timestamp",
      fmt::format("The JSONata expression '{}' specified for the field 'Timestamp' returned a value "
                  "that is not valid. String does not match RFC3339 timestamp: {}",
                  state.timestamp->expression.front().text, text)});
}

Evaluated<Due> end_of(const StateContext& context, const Strand& strand) {
  const auto& state = *strand.state;
  auto evaluate = context.evaluator(strand);
  if (state.seconds) {
    const auto seconds = TRY(evaluate.number(*state.seconds, "Seconds", 0, kMaxSeconds));
    return Due{strand.entered_steady + std::chrono::seconds{seconds}};
  }
  const auto text = TRY(evaluate.text(*state.timestamp, "Timestamp"));
  if (const auto time = parse_time(text)) return Due{*time, true};
  return no_moment(state, text);
}

class Wait final : public StateKind {
 public:
  void run(StateContext& context, const Strand& strand) const override {
    const auto due = end_of(context, strand);
    if (!due) return context.fail(strand, due.error());
    if (due->time <= (due->moment ? context.now().wall : context.now().steady))
      return context.complete(strand, nullptr);
    json::object scheduled{{"due", due->time.time_since_epoch().count()}};
    if (due->moment) scheduled["moment"] = true;
    context.note(strand.id, EventType::wait_scheduled, std::move(scheduled));
  }

  void wake(StateContext& context, const Strand& strand) const override { context.complete(strand, nullptr); }

  void apply(ExecutionState& state, Strand& strand, const Event& event, const Payload&) const override {
    if (event.type != EventType::wait_scheduled) return;
    state.set_phase(strand, Phase::waiting,
                    Due{time_of(event.note.at("due")), event.note.contains("moment")});
  }
};

}  // namespace

const StateKind& wait_kind() {
  static constexpr Wait kKind;
  return kKind;
}

}  // namespace lamplighter::engine
