// A fleet's state machine where its executions run.
#pragma once

#include "base/result.h"
#include "engine/runtime/executions.h"
#include "run/order.h"

namespace lamplighter::run {

/// The fleet's machine for the order's action, made, or brought up to the order's definition. Executions that
/// are running keep the one that they started with. Errors: those of `executions`.
Result<engine::StateMachine> put_machine(engine::Executions& executions, const RunOrder& order);

/// The machine of that name with that definition, in a region of AWS. Errors: those of `executions`.
Result<engine::StateMachine> put_machine(engine::Executions& executions, const std::string& name,
                                         const std::string& definition, const std::string& region);

/// The machine of that name; with its definition. nullopt where there is none.
Result<std::optional<engine::StateMachine>> find_machine(engine::Executions& executions,
                                                         const std::string& name);

}  // namespace lamplighter::run
