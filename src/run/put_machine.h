// A fleet's state machine in the embedded engine.
#pragma once

#include "base/result.h"
#include "engine/runtime/engine.h"
#include "run/order.h"

namespace lamplighter::run {

/// The fleet's machine for the order's action, made, or brought up to the order's definition. Executions that
/// are running keep the one that they started with. Errors: the engine's.
Result<engine::StateMachine> put_machine(engine::Engine& engine, const RunOrder& order);

}  // namespace lamplighter::run
