// State machines and executions on a virtual clock: what is started runs to its end before anything else.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/runtime/executions.h"
#include "run/simulated_world.h"

namespace lamplighter::week {

/// For one thread. Keeps a reference to the world.
class VirtualExecutions final : public engine::Executions {
 public:
  explicit VirtualExecutions(run::SimulatedWorld& world) : world_(world) {}

  Result<engine::StateMachine> create_state_machine(const std::string& name, const std::string& definition,
                                                    const std::string& role_arn, json::value extras) override;
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
  Result<engine::Page<engine::Execution>> list_executions(const engine::ListExecutions& request) override;
  Result<Time> stop_execution(const std::string& arn, const std::string& error,
                              const std::string& cause) override;
  Result<engine::Page<engine::Event>> history(const engine::HistoryRequest& request) override;
  Result<std::string> execution_definition(const std::string& arn) override;

  /// All that ran, in their order.
  [[nodiscard]] const std::vector<engine::Execution>& ran() const { return ran_; }

 private:
  run::SimulatedWorld& world_;
  std::map<std::string, engine::StateMachine> machines_;  ///< by ARN
  std::vector<engine::Execution> ran_;
};

}  // namespace lamplighter::week
