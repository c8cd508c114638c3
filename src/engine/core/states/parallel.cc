// Parallel: runs its branches side by side, and goes on with the list of their outputs.
#include "engine/core/execution_state.h"
#include "engine/core/state_context.h"
#include "engine/core/states/group.h"

namespace lamplighter::engine {
namespace {

/// What every branch begins with.
Evaluated<Payload> input_of_branches(const StateContext& context, const Strand& strand) {
  if (!strand.state->arguments) return strand.input;
  return make_payload(TRY(context.evaluator(strand).evaluate(*strand.state->arguments)));
}

void start_branches(ExecutionState& state, Strand& strand, const Event& event) {
  state.set_phase(strand, Phase::children);
  strand.previous = event.id;
  strand.group = std::make_unique<Group>();
  const auto& branches = strand.state->branches;
  strand.group->results.resize(branches.size());
  strand.group->running = strand.group->next = branches.size();
  for (std::size_t i = 0; i < branches.size(); ++i) state.add_strand(strand.id, i, branches[i], event.id);
}

class Parallel final : public StateKind {
 public:
  void run(StateContext& context, const Strand& strand) const override {
    const auto input = input_of_branches(context, strand);
    if (!input) return context.fail(strand, input.error());
    if (strand.state->arguments && (*input)->text.size() > kMaxPayloadBytes)
      return context.fail(strand, size_failure(strand));
    context.append(strand.id, EventType::parallel_state_started);
    for (const StrandId child : context.children_of(strand.id))
      context.enter(child, start_of(*context.strand(child).states), *input);
  }

  void abandon(StateContext& context, const Strand& strand) const override {
    abort_children(context, strand.id, std::nullopt);
  }

  [[nodiscard]] bool ends_child_at_exit() const override { return true; }

  void child_left(StateContext& context, StrandId parent, StrandId /*child*/) const override {
    const Strand& strand = context.strand(parent);
    if (strand.group->running == 0) complete_group(context, strand, EventType::parallel_state_succeeded);
  }

  /// One that fails takes its neighbours with it.
  void child_failed(StateContext& context, StrandId child, const Failure& why) const override {
    const StrandId parent = context.strand(child).parent;
    const auto last = context.strand(child).previous;
    abort_children(context, parent, child);
    context.note(parent, EventType::branch_failed, {{"previous", last}});
    context.fail(context.strand(parent), why);
  }

  void apply(ExecutionState& state, Strand& strand, const Event& event, const Payload&) const override {
    switch (event.type) {
      case EventType::parallel_state_started:
        return start_branches(state, strand, event);
      case EventType::branch_failed:
        strand.previous = event.note.at("previous").to_number<std::int64_t>();
        return;
      case EventType::parallel_state_failed:
        state.set_phase(strand, Phase::moving);
        strand.previous = event.id;
        strand.evaluation_failed = false;
        return;
      default:
        return;
    }
  }
};

}  // namespace

const StateKind& parallel_kind() {
  static constexpr Parallel kKind;
  return kKind;
}

}  // namespace lamplighter::engine
