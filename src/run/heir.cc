#include "run/heir.h"

#include <algorithm>
#include <vector>

#include "json/json.h"
#include "run/executions.h"
#include "run/order.h"

namespace lamplighter::run {
namespace {

/// "arn:…:stateMachine:FLEET", of a fleet's start and stop alike.
std::string fleet_of(const std::string& machine_arn) { return machine_arn.substr(0, machine_arn.rfind('-')); }

/// None stands for all.
std::vector<std::string> environments_of(const engine::Execution& execution) {
  const auto input = parse_json(execution.input);
  return input ? chosen_in(*input) : std::vector<std::string>{};
}

bool covers(const std::vector<std::string>& all, const std::vector<std::string>& some) {
  if (all.empty() || some.empty()) return all.empty();
  return std::all_of(some.begin(), some.end(), [&](const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  });
}

}  // namespace

std::string heir_of(engine::Executions& executions, const engine::Execution& ended) {
  if (ended.status != engine::ExecutionStatus::aborted) return "";
  const auto running = all_executions(executions, engine::ExecutionStatus::running);
  if (!running) return "";
  for (const engine::Execution& one : *running) {
    if (fleet_of(one.state_machine_arn) != fleet_of(ended.state_machine_arn)) continue;
    const auto execution = executions.describe_execution(one.arn);
    if (execution && covers(environments_of(*execution), environments_of(ended))) return one.name;
  }
  return "";
}

}  // namespace lamplighter::run
