#include "run/api_executions.h"

#include <algorithm>

namespace lamplighter::run {
namespace {

constexpr std::size_t kPage = 1'000;

engine::StateMachine to_machine(aws::StepFunctions::Machine machine) {
  engine::StateMachine out;
  out.arn = std::move(machine.arn);
  out.name = std::move(machine.name);
  out.definition = std::move(machine.definition);
  out.role_arn = std::move(machine.role_arn);
  out.created = machine.created;
  out.updated = machine.created;
  return out;
}

/// A status that only the service has (PENDING_REDRIVE) follows a failure.
engine::Execution to_execution(aws::StepFunctions::Execution execution) {
  engine::Execution out;
  out.arn = std::move(execution.arn);
  out.name = std::move(execution.name);
  out.state_machine_arn = std::move(execution.machine_arn);
  out.status = engine::parse_status(execution.status).value_or(engine::ExecutionStatus::failed);
  out.started = execution.started;
  out.ended = execution.ended;
  out.input = std::move(execution.input);
  out.output = std::move(execution.output);
  out.error = std::move(execution.error);
  out.cause = std::move(execution.cause);
  out.started_by = std::move(execution.started_by);
  return out;
}

}  // namespace

Result<engine::StateMachine> ApiExecutions::create_state_machine(const std::string& name,
                                                                 const std::string& definition,
                                                                 const std::string& role_arn,
                                                                 json::value /*extras*/) {
  engine::StateMachine out;
  out.arn = TRY(states_.create_machine(name, definition, role_arn));
  out.name = name;
  out.definition = definition;
  out.role_arn = role_arn;
  return out;
}

Result<engine::StateMachine> ApiExecutions::update_state_machine(
    const std::string& arn, const std::optional<std::string>& definition,
    const std::optional<std::string>& role_arn, const engine::ChangeExtras& /*change_extras*/) {
  CHECK_OK(states_.update_machine(arn, definition, role_arn));
  return describe_state_machine(arn);
}

Result<engine::StateMachine> ApiExecutions::describe_state_machine(const std::string& arn) {
  return to_machine(TRY(states_.describe_machine(arn)));
}

Result<engine::Page<engine::StateMachine>> ApiExecutions::list_state_machines(std::size_t max,
                                                                              const std::string& token) {
  auto found = TRY(states_.list_machines(max, token));
  engine::Page<engine::StateMachine> page{{}, std::move(found.next)};
  for (auto& machine : found.items) {
    const bool meant =
        machines_.empty() || std::find(machines_.begin(), machines_.end(), machine.name) != machines_.end();
    if (meant) page.items.push_back(to_machine(std::move(machine)));
  }
  return page;
}

Result<engine::Execution> ApiExecutions::start_execution(const std::string& state_machine_arn,
                                                         const std::string& name, const std::string& input,
                                                         const json::object& /*started_by*/) {
  return describe_execution(TRY(states_.start(state_machine_arn, name, input)));
}

Result<engine::Execution> ApiExecutions::describe_execution(const std::string& arn) {
  return to_execution(TRY(states_.describe(arn)));
}

Result<engine::Page<engine::Execution>> ApiExecutions::list_executions(
    const engine::ListExecutions& request) {
  if (request.state_machine_arn.empty()) return list_all(request);
  const auto status = request.status ? engine::to_string(*request.status) : std::string_view();
  auto found = TRY(states_.list(request.state_machine_arn, status, request.max, request.token));
  engine::Page<engine::Execution> page{{}, std::move(found.next)};
  for (auto& execution : found.items) page.items.push_back(to_execution(std::move(execution)));
  return page;
}

Result<engine::Page<engine::Execution>> ApiExecutions::list_all(const engine::ListExecutions& request) {
  engine::Page<engine::Execution> all;
  std::string machines;
  do {
    const auto page = TRY(list_state_machines(kPage, machines));
    for (const auto& machine : page.items) {
      engine::ListExecutions of_one{machine.arn, request.status, kPage, ""};
      do {
        auto found = TRY(list_executions(of_one));
        std::move(found.items.begin(), found.items.end(), std::back_inserter(all.items));
        of_one.token = std::move(found.next);
      } while (!of_one.token.empty());
    }
    machines = page.next;
  } while (!machines.empty());
  std::stable_sort(all.items.begin(), all.items.end(),
                   [](const auto& one, const auto& other) { return one.started > other.started; });
  return all;
}

Result<Time> ApiExecutions::stop_execution(const std::string& arn, const std::string& error,
                                           const std::string& cause) {
  return states_.stop(arn, error, cause);
}

Result<engine::Page<engine::Event>> ApiExecutions::history(const engine::HistoryRequest& request) {
  auto found = TRY(states_.history(request.execution_arn, request.max, request.reverse, request.token));
  engine::Page<engine::Event> page{{}, std::move(found.next)};
  for (const auto& shown : found.items) {
    if (auto event = engine::read_history_json(shown)) page.items.push_back(*std::move(event));
  }
  return page;
}

Result<std::string> ApiExecutions::execution_definition(const std::string& arn) {
  return states_.definition_of(arn);
}

}  // namespace lamplighter::run
