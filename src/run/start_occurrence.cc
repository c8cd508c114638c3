#include "run/start_occurrence.h"

#include "run/access.h"
#include "run/order.h"
#include "run/put_machine.h"
#include "scheduler/occurrence_name.h"

namespace lamplighter::run {
namespace {

/// The accounts are the file's: whoever goes on with the run holds AWS's against them.
Access access_for(const RunOrder& order, const AwsOptions& aws, double speed) {
  Access access = access_of(aws, speed, SystemHost(), order.shape, {});
  for (const auto& environment : order.shape.environments) {
    const std::string& account = environment.described.account;
    if (!account.empty()) access.accounts.emplace(environment.name(), account);
  }
  return access;
}

}  // namespace

Result<std::string> start_occurrence(engine::Executions& executions, const AwsOptions& aws, double speed,
                                     const fleet::Fleet& fleet, const scheduler::Firing& firing) {
  RunOrder order = TRY(make_order(fleet, firing.action, firing.environments, firing.due));
  order.execution = scheduler::occurrence_name(fleet.name, firing.schedule, firing.due);
  order.input[kOccurrence] = {{"schedule", firing.schedule}, {"due", format_time(firing.due)}};
  order.input[kAccess] = to_json(access_for(order, aws, speed));
  const engine::StateMachine machine = TRY(put_machine(executions, order));
  const auto started = executions.start_execution(machine.arn, order.execution, json_text(order.input),
                                                  {{"how", "schedule"}, {"schedule", firing.schedule}});
  if (started || started.error().code == "ExecutionAlreadyExists") return order.execution;
  return tl::unexpected(started.error());
}

}  // namespace lamplighter::run
