#include "run/put_machine.h"

#include <fmt/format.h>

#include "base/arn.h"

namespace lamplighter::run {

Result<engine::StateMachine> put_machine(engine::Engine& engine, const RunOrder& order) {
  const std::string name = fmt::format("{}-{}", order.fleet.name, tasks::to_string(order.action));
  const std::string definition = json_text(order.definition);
  std::string token;
  do {
    const auto page = TRY(engine.list_state_machines(1000, token));
    for (const engine::StateMachine& machine : page.items) {
      if (machine.name != name) continue;
      if (machine.definition == definition) return machine;
      return engine.update_state_machine(machine.arn, definition, std::nullopt, {});
    }
    token = page.next;
  } while (!token.empty());
  const std::string& region = order.shape.environments.front().region();
  const Arn role = global_arn_in(region, "iam", engine::Options{}.account, "role/lamplighter");
  return engine.create_state_machine(name, definition, role.text());
}

}  // namespace lamplighter::run
