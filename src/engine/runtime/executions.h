// State machines and their executions, wherever they are: in this process's engine (engine.h), or behind the
// Step Functions API of another (run/api_executions.h). Who looks, starts and stops needs no more.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"
#include "engine/core/records.h"
#include "json/json.h"

namespace lamplighter::engine {

/// Safe to use from several threads. Error codes are the Step Functions API's exception names
/// (StateMachineDoesNotExist, ExecutionAlreadyExists, InvalidDefinition, InvalidExecutionInput, InvalidName,
/// InvalidArn, InvalidToken, …), with kind bad_input.
class Executions {
 public:
  virtual ~Executions() = default;

  /// Idempotent for the same name, definition and role; else StateMachineAlreadyExists.
  virtual Result<StateMachine> create_state_machine(const std::string& name, const std::string& definition,
                                                    const std::string& role_arn,
                                                    json::value extras = nullptr) = 0;
  /// Leaves as it is what is nullopt (or an empty function). Running executions keep the definition that they
  /// started with.
  virtual Result<StateMachine> update_state_machine(const std::string& arn,
                                                    const std::optional<std::string>& definition,
                                                    const std::optional<std::string>& role_arn,
                                                    const ChangeExtras& change_extras) = 0;
  virtual Result<StateMachine> describe_state_machine(const std::string& arn) = 0;
  virtual Result<Page<StateMachine>> list_state_machines(std::size_t max, const std::string& token) = 0;

  /// `name` may be "" for a made one. Idempotent while an execution of that name and input is running; else
  /// ExecutionAlreadyExists. Returns once the start is on disk. `started_by` as Execution's: an engine keeps
  /// it, an API has it from its own knowledge of the client.
  virtual Result<Execution> start_execution(const std::string& state_machine_arn, const std::string& name,
                                            const std::string& input,
                                            const json::object& started_by = {}) = 0;
  virtual Result<Execution> describe_execution(const std::string& arn) = 0;
  /// Newest first.
  virtual Result<Page<Execution>> list_executions(const ListExecutions& request) = 0;
  /// Ends a running execution as ABORTED; one that has ended stays as it is. Gives the time of its end.
  virtual Result<Time> stop_execution(const std::string& arn, const std::string& error,
                                      const std::string& cause) = 0;
  /// A page ends early where it gets some megabytes long.
  virtual Result<Page<Event>> history(const HistoryRequest& request) = 0;
  /// The definition that an execution runs, as text.
  virtual Result<std::string> execution_definition(const std::string& arn) = 0;
};

}  // namespace lamplighter::engine
