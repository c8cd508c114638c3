#include "machine/tasks.h"

#include <algorithm>

#include <fmt/format.h>

#include "aws/client/error_codes.h"
#include "base/arn.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/timeouts.h"

namespace lamplighter::machine {
namespace {

// A listed server takes about 260 bytes of a branch's output.
constexpr std::size_t kListedServers = 600;
constexpr std::size_t kMaxListedServers = 100;

/// Errors that another try may not meet: the Lambda service's own, a handler that was cut off, and what
/// aws/client/error_codes.h calls passing. Refusals (UnauthorizedOperation, NoCredentials) are not among
/// them. And `others`.
json::array transient_errors(std::initializer_list<std::string_view> others = {}) {
  json::array errors{"Lambda.TooManyRequestsException",
                     "Lambda.ServiceException",
                     "Lambda.AWSLambdaException",
                     "Lambda.SdkClientException",
                     "Lambda.ClientExecutionTimeoutException",
                     "Sandbox.Timedout",
                     "Runtime.ExitError",
                     "States.Timeout"};
  for (const auto error : aws::passing_error_codes()) errors.emplace_back(error);
  for (const auto error : others) errors.emplace_back(error);
  return errors;
}

json::array retry(json::array errors, int attempts) {
  return {json::object{{"ErrorEquals", std::move(errors)},
                       {"IntervalSeconds", 2},
                       {"MaxAttempts", attempts},
                       {"BackoffRate", 2},
                       {"MaxDelaySeconds", 30},
                       {"JitterStrategy", "FULL"}}};
}

/// States.ALL misses two errors, so they are named. The state's input goes on, with the error beside it: an
/// expression that cannot fail, since no error in a Catch can be caught.
json::array catch_all(const std::string& next) {
  json::array catchers;
  for (const json::array& errors :
       {json::array{"States.DataLimitExceeded", "States.Runtime"}, json::array{"States.ALL"}}) {
    catchers.push_back(json::object{
        {"ErrorEquals", errors},
        {"Output", json::object{{"input", "{% $states.input %}"}, {"error", "{% $states.errorOutput %}"}}},
        {"Next", next}});
  }
  return catchers;
}

/// The integration's ARN, which carries the partition; a fleet lies in one.
std::string resource(const Source& source) {
  return fmt::format("arn:{}:states:::lambda:invoke", partition_of(source.environments.front()->region).name);
}

json::object invoke(const Source& source, json::object payload) {
  return {{"FunctionName", source.options.function_name}, {"Payload", std::move(payload)}};
}

/// An environment as the report is told of it.
tasks::ReportEnvironment described(const Source& source, const fleet::Environment& environment) {
  tasks::ReportEnvironment described{environment.name, environment.region, environment.role_arn, {}};
  for (const fleet::Phase* phase : source.phases(environment)) {
    described.phases.push_back({phase->name, phase->servers});
  }
  return described;
}

}  // namespace

std::vector<const fleet::Phase*> Source::phases(const fleet::Environment& environment) const {
  std::vector<const fleet::Phase*> phases;
  phases.reserve(environment.phases.size());
  for (const fleet::Phase& phase : environment.phases) phases.push_back(&phase);
  if (action == tasks::Action::stop) std::reverse(phases.begin(), phases.end());
  return phases;
}

std::size_t Source::servers_listed() const {
  std::size_t phases = 0;
  for (const fleet::Environment* environment : environments) phases += environment->phases.size();
  return std::min(kMaxListedServers, kListedServers / std::max<std::size_t>(1, phases));
}

json::object reconcile_task(const Source& source, const fleet::Environment& environment,
                            const fleet::Phase& phase, const std::string& next, const std::string& halt) {
  tasks::ReconcilePayload task;
  task.action = source.action;
  task.fleet = source.fleet.name;
  task.environment = environment.name;
  task.phase = phase.name;
  task.region = environment.region;
  task.role_arn = environment.role_arn;
  task.servers = phase.servers;
  task.servers_listed = source.servers_listed();
  task.timeout = phase.timeout;
  task.alarms = source.fleet.alarms;
  task.wait = source.pace;
  json::object payload = to_json(task);
  payload["execution"] = "{% $states.context.Execution.Id %}";
  payload["memory"] = "{% $states.input.memory %}";
  // An answer that is none of docs/tasks.md fails here, where it is caught, so that no later state can.
  json::object output{
      {"status",
       "{% $lookup({'ready': 'ready', 'waiting': 'waiting', 'failed': 'failed'}, "
       "$states.result.Payload.status) %}"},
      {"wait_seconds", "{% $max([1, $min([86400, $floor($states.result.Payload.wait_seconds)])]) %}"},
      {"memory", "{% $states.result.Payload.memory %}"},
      {"phase", "{% $merge([$states.result.Payload.phase]) %}"},
      {"phases", "{% [$states.input.phases] %}"}};
  return {{"Type", "Task"},
          {"Resource", resource(source)},
          {"Arguments", invoke(source, std::move(payload))},
          {"Output", std::move(output)},
          {"TimeoutSeconds", tasks::kReconcileTimeout.count()},
          {"Retry", retry(transient_errors(), 8)},
          {"Catch", catch_all(halt)},
          {"Next", next}};
}

json::object report_task(const Source& source, const std::string& next, const std::string& not_sent) {
  const fleet::Notify& notify = source.fleet.notify;
  tasks::ReportPayload task;
  task.action = source.action;
  task.fleet = source.fleet.name;
  task.topic = notify.sns;
  task.region = notify.region.empty() ? source.environments.front()->region : notify.region;
  for (const fleet::Environment* environment : source.environments) {
    task.environments.push_back(described(source, *environment));
  }
  json::object payload = to_json(task);
  payload["execution"] = "{% $states.context.Execution.Id %}";
  payload["execution_name"] = "{% $states.context.Execution.Name %}";
  payload["started_at"] = "{% $states.context.Execution.StartTime %}";
  payload["results"] = "{% [$states.input] %}";
  return {{"Type", "Task"},
          {"Resource", resource(source)},
          {"Arguments", invoke(source, std::move(payload))},
          {"Output", "{% $merge([$states.result.Payload]) %}"},
          {"TimeoutSeconds", tasks::kReportTimeout.count()},
          {"Retry", retry(transient_errors({"ReportNotSent"}), 5)},
          {"Catch", catch_all(not_sent)},
          {"Next", next}};
}

}  // namespace lamplighter::machine
