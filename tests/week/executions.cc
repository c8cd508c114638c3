#include "tests/week/executions.h"

#include <algorithm>

#include <fmt/format.h>

namespace lamplighter::week {
namespace {

tl::unexpected<Error> unknown(const std::string& code, const std::string& arn) {
  return fail(ErrorKind::bad_input, code, "found " + arn);
}

}  // namespace

Result<engine::StateMachine> VirtualExecutions::create_state_machine(const std::string& name,
                                                                     const std::string& definition,
                                                                     const std::string& role_arn,
                                                                     json::value extras) {
  engine::StateMachine made;
  made.arn = "arn:aws:states:us-east-1:123456789012:stateMachine:" + name;
  made.name = name;
  made.definition = definition;
  made.role_arn = role_arn;
  made.extras = std::move(extras);
  return machines_[made.arn] = made;
}

Result<engine::StateMachine> VirtualExecutions::update_state_machine(
    const std::string& arn, const std::optional<std::string>& definition,
    const std::optional<std::string>& /*role_arn*/, const engine::ChangeExtras& /*change_extras*/) {
  auto& machine = machines_.at(arn);
  machine.definition = definition.value_or(machine.definition);
  return machine;
}

Result<engine::StateMachine> VirtualExecutions::describe_state_machine(const std::string& arn) {
  const auto found = machines_.find(arn);
  if (found == machines_.end()) return unknown("StateMachineDoesNotExist", arn);
  return found->second;
}

Result<engine::Page<engine::StateMachine>> VirtualExecutions::list_state_machines(
    std::size_t /*max*/, const std::string& /*token*/) {
  engine::Page<engine::StateMachine> page;
  for (const auto& [arn, machine] : machines_) page.items.push_back(machine);
  return page;
}

Result<engine::Execution> VirtualExecutions::start_execution(const std::string& state_machine_arn,
                                                             const std::string& name,
                                                             const std::string& input,
                                                             const json::object& started_by) {
  const auto machine = TRY(describe_state_machine(state_machine_arn));
  engine::SimulationOptions options;
  options.state_machine = machine.name;
  options.execution = name.empty() ? fmt::format("by-hand-{}", ran_.size()) : name;
  options.seed = ran_.size() + 1;
  auto result = TRY(world_.run(machine.definition, TRY(parse_json(input)), options));
  result.execution.started_by = started_by;
  ran_.push_back(result.execution);
  return std::move(result.execution);
}

Result<engine::Execution> VirtualExecutions::describe_execution(const std::string& arn) {
  const auto found =
      std::find_if(ran_.begin(), ran_.end(), [&](const auto& execution) { return execution.arn == arn; });
  if (found == ran_.end()) return unknown("ExecutionDoesNotExist", arn);
  return *found;
}

Result<engine::Page<engine::Execution>> VirtualExecutions::list_executions(
    const engine::ListExecutions& /*request*/) {
  return engine::Page<engine::Execution>{{ran_.rbegin(), ran_.rend()}, ""};
}

Result<Time> VirtualExecutions::stop_execution(const std::string& arn, const std::string& /*error*/,
                                               const std::string& /*cause*/) {
  return unknown("ExecutionDoesNotExist", arn);  // each has ended
}

Result<engine::Page<engine::Event>> VirtualExecutions::history(const engine::HistoryRequest& /*request*/) {
  return engine::Page<engine::Event>{};
}

Result<std::string> VirtualExecutions::execution_definition(const std::string& arn) {
  const auto execution = TRY(describe_execution(arn));
  return machines_.at(execution.state_machine_arn).definition;
}

}  // namespace lamplighter::week
