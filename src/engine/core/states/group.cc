#include "engine/core/states/group.h"

#include "engine/core/state_context.h"

namespace lamplighter::engine {
namespace {

/// The service says it of a task also where it is what failed.
void abort_state(StateContext& context, const Strand& strand, bool failed) {
  if (!strand.state || (failed && strand.state->type != asl::StateType::task)) return;
  if (const auto aborted = event_of(EventKind::state_aborted, strand.state->type))
    context.append(strand.id, *aborted);
}

}  // namespace

const asl::State& start_of(const asl::States& states) { return *states.find(states.start_at); }

void abort_children(StateContext& context, StrandId parent, std::optional<StrandId> failed) {
  const Strand& around = context.strand(parent);
  if (!around.group) return;
  const bool map = around.state->type == asl::StateType::map;
  for (const StrandId id : context.children_of(parent)) {
    const Strand& child = context.strand(id);
    abort_children(context, id, std::nullopt);
    abort_state(context, child, failed == id);
    if (map) {
      context.append(id, EventType::map_iteration_aborted,
                     {{"name", around.state->name}, {"index", child.slot}});
    }
  }
  context.note(parent, EventType::children_aborted, {});
}

void complete_group(StateContext& context, const Strand& strand, EventType succeeded) {
  if (strand.group->result_bytes > kMaxPayloadBytes) return context.fail(strand, size_failure(strand));
  const auto output = make_payload(strand.group->results);
  if (is_too_deep(output)) return context.fail(strand, depth_failure(strand));
  context.append(strand.id, succeeded);
  context.complete(strand, output);
}

}  // namespace lamplighter::engine
