// What Parallel and Map states have in common: branches or iterations that are run within them.
#pragma once

#include <optional>

#include "engine/core/states/kind.h"

namespace lamplighter::engine {

/// Where a branch, or an iteration, begins.
const asl::State& start_of(const asl::States& states);

/// Says of everything below `parent` that it did not end. `failed` is the branch that led to it.
void abort_children(StateContext& context, StrandId parent, std::optional<StrandId> failed);

/// All have ended: leaves the state with their results. `succeeded` is the event that says so.
void complete_group(StateContext& context, const Strand& strand, EventType succeeded);

}  // namespace lamplighter::engine
