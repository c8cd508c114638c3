#include "run/start_occurrence.h"

#include "run/order.h"
#include "run/prepare.h"
#include "run/put_machine.h"
#include "scheduler/occurrence_name.h"

namespace lamplighter::run {

Result<std::string> start_occurrence(engine::Executions& executions, aws::Session& session,
                                     const AwsOptions& aws, double speed, const fleet::Fleet& fleet,
                                     const scheduler::Firing& firing) {
  RunOrder order = TRY(make_order(fleet, firing.action, firing.environments, firing.due));
  order.execution = scheduler::occurrence_name(fleet.name, firing.schedule, firing.due);
  order.input[kOccurrence] = {{"schedule", firing.schedule}, {"due", format_time(firing.due)}};
  TRY(prepare(order, session, aws, speed));
  const engine::StateMachine machine = TRY(put_machine(executions, order));
  const auto started = executions.start_execution(machine.arn, order.execution, json_text(order.input),
                                                  {{"how", "schedule"}, {"schedule", firing.schedule}});
  if (started || started.error().code == "ExecutionAlreadyExists") return order.execution;
  return tl::unexpected(started.error());
}

}  // namespace lamplighter::run
