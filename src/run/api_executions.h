// Executions behind the Step Functions API: of the process that holds a state directory, or of AWS.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aws/services/step_functions.h"
#include "engine/runtime/executions.h"

namespace lamplighter::run {

/// Lists of machines come without definitions, executions of a deleted machine are not listed, and events
/// have no strand (run/event_feed.h gives them one). Who starts through it is recorded by the other side.
/// Errors: the API's, as the caller gives them; pages may hold fewer events than the history, where it has
/// types that this program does not know.
class ApiExecutions final : public engine::Executions {
 public:
  /// Of all machines, or of those called `machines`. Keeps a reference to `caller`.
  ApiExecutions(aws::Caller& caller, aws::Target target, std::vector<std::string> machines = {})
      : states_(caller, std::move(target)), machines_(std::move(machines)) {}

  Result<engine::StateMachine> create_state_machine(const std::string& name, const std::string& definition,
                                                    const std::string& role_arn, json::value extras) override;
  /// Without a change of extras.
  Result<engine::StateMachine> update_state_machine(const std::string& arn,
                                                    const std::optional<std::string>& definition,
                                                    const std::optional<std::string>& role_arn,
                                                    const engine::ChangeExtras& change_extras) override;
  Result<engine::StateMachine> describe_state_machine(const std::string& arn) override;
  Result<engine::Page<engine::StateMachine>> list_state_machines(std::size_t max,
                                                                 const std::string& token) override;
  Result<engine::Execution> start_execution(const std::string& state_machine_arn, const std::string& name,
                                            const std::string& input,
                                            const json::object& started_by) override;
  Result<engine::Execution> describe_execution(const std::string& arn) override;
  /// Those of all machines in one page.
  Result<engine::Page<engine::Execution>> list_executions(const engine::ListExecutions& request) override;
  Result<Time> stop_execution(const std::string& arn, const std::string& error,
                              const std::string& cause) override;
  Result<engine::Page<engine::Event>> history(const engine::HistoryRequest& request) override;
  Result<std::string> execution_definition(const std::string& arn) override;

 private:
  Result<engine::Page<engine::Execution>> list_all(const engine::ListExecutions& request);

  aws::StepFunctions states_;
  std::vector<std::string> machines_;
};

}  // namespace lamplighter::run
