// Choice: goes on where the first of its conditions that is true leads.
#include <fmt/format.h>

#include "engine/core/state_context.h"
#include "engine/core/states/kind.h"

namespace lamplighter::engine {
namespace {

Failure no_choice_matched(const Strand& strand) {
  return {
      "States.NoChoiceMatched",
      fmt::format("An error occurred while executing the state '{}' (entered at the event id #{}). Failed to "
                  "transition out of the state. The state does not point to a next state.",
                  strand.state->name, strand.entered_id)};
}

class Choice final : public StateKind {
 public:
  void run(StateContext& context, const Strand& strand) const override {
    const auto& state = *strand.state;
    auto evaluate = context.evaluator(strand);
    for (const auto& rule : state.choices) {
      const auto chosen = evaluate.truth(rule.condition, "Condition");
      if (!chosen) return context.fail(strand, chosen.error());
      if (!*chosen) continue;
      return context.leave(strand, {rule.output, rule.assign, strand.states->find(rule.next), strand.input});
    }
    if (state.default_next.empty()) return context.fail(strand, no_choice_matched(strand));
    context.leave(strand,
                  {state.output, state.assign, strand.states->find(state.default_next), strand.input});
  }
};

}  // namespace

const StateKind& choice_kind() {
  static constexpr Choice kKind;
  return kKind;
}

}  // namespace lamplighter::engine
