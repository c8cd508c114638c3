// What others need of Map states beside their kind.
#pragma once

#include <cstddef>

#include "engine/core/event.h"
#include "json/json.h"

namespace lamplighter::engine {

class ExecutionState;

/// Takes in what is said of an iteration. Throws (std::exception) what can't be.
void apply_iteration(ExecutionState& state, const Event& event);

/// $states.context.Map of an iteration. Items come from the state's own data, and only an object's members
/// would have keys.
json::object map_item(std::size_t index, const json::value& value);

}  // namespace lamplighter::engine
