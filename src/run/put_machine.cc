#include "run/put_machine.h"

#include <fmt/format.h>

#include "base/arn.h"
#include "engine/runtime/engine.h"

namespace lamplighter::run {

Result<std::optional<engine::StateMachine>> find_machine(engine::Executions& executions,
                                                         const std::string& name) {
  std::string token;
  do {
    const auto page = TRY(executions.list_state_machines(1000, token));
    for (const engine::StateMachine& machine : page.items) {
      if (machine.name != name) continue;
      return machine.definition.empty() ? TRY(executions.describe_state_machine(machine.arn)) : machine;
    }
    token = page.next;
  } while (!token.empty());
  return std::nullopt;
}

Result<engine::StateMachine> put_machine(engine::Executions& executions, const std::string& name,
                                         const std::string& definition, const std::string& region) {
  if (auto machine = TRY(find_machine(executions, name))) {
    if (machine->definition == definition) return *std::move(machine);
    return executions.update_state_machine(machine->arn, definition, std::nullopt, {});
  }
  const Arn role = global_arn_in(region, "iam", engine::Options{}.account, "role/lamplighter");
  return executions.create_state_machine(name, definition, role.text());
}

Result<engine::StateMachine> put_machine(engine::Executions& executions, const RunOrder& order) {
  return put_machine(executions, fmt::format("{}-{}", order.fleet.name, tasks::to_string(order.action)),
                     json_text(order.definition), order.shape.environments.front().region());
}

}  // namespace lamplighter::run
