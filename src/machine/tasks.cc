#include "machine/tasks.h"

#include <algorithm>

#include <fmt/format.h>

#include "aws/client/error_codes.h"
#include "base/arn.h"
#include "tasks/protocol/admit.h"
#include "tasks/protocol/notify.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/payload_budget.h"
#include "tasks/protocol/survey.h"
#include "tasks/protocol/timeouts.h"

namespace lamplighter::machine {
namespace {

/// Only what says that the function has not run: all else goes to the Choice, which knows the deadline.
json::array retry() {
  return {json::object{{"ErrorEquals", json::array{"Lambda.TooManyRequestsException",
                                                   "Lambda.ServiceException", "Lambda.SdkClientException"}},
                       {"IntervalSeconds", 2},
                       {"MaxAttempts", 2},
                       {"BackoffRate", 2},
                       {"JitterStrategy", "FULL"}}};
}

/// What SNS has definitely not taken.
json::object not_sent_retry() {
  return {{"ErrorEquals", json::array{"ReportNotSent"}},
          {"IntervalSeconds", 2},
          {"MaxAttempts", 5},
          {"BackoffRate", 2},
          {"MaxDelaySeconds", 30},
          {"JitterStrategy", "FULL"}};
}

std::string topic_region(const Source& source) {
  const fleet::Notify& notify = source.fleet.notify;
  return notify.region.empty() ? source.environments.front()->region : notify.region;
}

/// States.ALL misses two errors, so they are named. `output` is made of expressions that cannot fail, since
/// no error in a Catch can be caught.
json::array catch_all(const json::value& output, const std::string& next) {
  json::array catchers;
  for (const json::array& errors :
       {json::array{"States.DataLimitExceeded", "States.Runtime"}, json::array{"States.ALL"}}) {
    catchers.push_back(json::object{{"ErrorEquals", errors}, {"Output", output}, {"Next", next}});
  }
  return catchers;
}

/// What the Choice behind a Task gets of an error: the state goes on as it was, later.
json::object caught(const std::string& phase, std::chrono::seconds timeout) {
  const std::string wait =
      "$max([10, $states.input.wait_seconds, $min([60, 2 * $states.input.wait_seconds])])";
  const std::string lost =
      fmt::format("($states.errorOutput.Error = 'States.Timeout' ? {} : 0)", timeout.count());
  return {{"status", "error"},
          {"at", phase},
          {"error", "{% $states.errorOutput %}"},
          {"memory", "{% $states.input.memory %}"},
          {"passed", fmt::format("{{% $states.input.passed + {} + {} %}}", wait, lost)},
          {"wait_seconds", fmt::format("{{% {} %}}", wait)}};
}

/// The integration's ARN, which carries the partition; a fleet lies in one.
std::string resource(const Source& source) {
  return fmt::format("arn:{}:states:::lambda:invoke", partition_of(source.environments.front()->region).name);
}

json::object task_state(const Source& source, json::object payload, std::chrono::seconds timeout) {
  payload["execution"] = "{% $states.context.Execution.Id %}";
  return {{"Type", "Task"},
          {"Resource", resource(source)},
          {"Arguments",
           json::object{{"FunctionName", source.options.function_name}, {"Payload", std::move(payload)}}},
          {"TimeoutSeconds", timeout.count()},
          {"Retry", retry()}};
}

}  // namespace

std::vector<const fleet::Phase*> Source::phases(const fleet::Environment& environment) const {
  std::vector<const fleet::Phase*> phases;
  phases.reserve(environment.phases.size());
  for (const fleet::Phase& phase : environment.phases) phases.push_back(&phase);
  if (action == tasks::Action::stop) std::reverse(phases.begin(), phases.end());
  return phases;
}

std::vector<tasks::DescribedEnvironment> Source::described() const {
  std::vector<tasks::DescribedEnvironment> all;
  for (const fleet::Environment* environment : environments) {
    all.push_back({environment->name, environment->region, environment->role_arn, {}});
    for (const fleet::Phase* phase : phases(*environment)) {
      all.back().phases.push_back({phase->name, phase->servers, phase->timeout});
    }
  }
  return all;
}

std::size_t Source::described_bytes() const { return json_text(tasks::to_json(described())).size(); }

std::size_t Source::phase_count() const {
  std::size_t phases = 0;
  for (const fleet::Environment* environment : environments) phases += environment->phases.size();
  return phases;
}

std::string literal(const json::value& value) { return json_text(value); }

json::object survey_task(const Source& source, const std::string& next, const std::string& failed) {
  tasks::SurveyPayload task;
  task.action = source.action;
  task.fleet = source.fleet.name;
  task.topic = source.fleet.notify.sns;
  task.topic_region = topic_region(source);
  json::object payload = to_json(task);
  payload["environments"] = "{% $environments %}";
  payload["chosen"] = "{% [$states.input.environments] %}";
  json::object state = task_state(source, std::move(payload), tasks::kReportTimeout);
  state["Assign"] = json::object{{"survey", "{% $states.result.Payload %}"}};
  state["Output"] = json::object{};
  state["Catch"] =
      catch_all({{"results", json::array{}},
                 {"survey_error", fmt::format("{{% {} %}}", error_words("$states.errorOutput"))}},
                failed);
  state["Next"] = next;
  return state;
}

json::object admit_task(const Source& source, const fleet::Environment& environment,
                        const std::string& next) {
  tasks::AdmitPayload task;
  task.action = source.action;
  task.fleet = source.fleet.name;
  json::object payload = to_json(task);
  payload["environment"] =
      fmt::format("{{% $environments[name = {}] %}}", literal(json::value(environment.name)));
  json::object state = task_state(source, std::move(payload), tasks::kReconcileTimeout);
  state["Assign"] = json::object{{"members", "{% $states.result.Payload.members %}"}};
  state["Output"] = json::object{{"status", "{% $states.result.Payload.status %}"},
                                 {"at", "{% $states.result.Payload.phase %}"},
                                 {"reason", "{% $states.result.Payload.reason %}"}};
  state["Catch"] = catch_all(caught("", tasks::kReconcileTimeout), next);
  state["Next"] = next;
  return state;
}

json::object reconcile_task(const Source& source, const fleet::Environment& environment,
                            const fleet::Phase& phase, const std::string& next) {
  tasks::ReconcilePayload task;
  task.action = source.action;
  task.fleet = source.fleet.name;
  task.environment = environment.name;
  task.phase = phase.name;
  task.region = environment.region;
  task.role_arn = environment.role_arn;
  task.room = tasks::phase_room(source.described_bytes(), source.phase_count());
  task.timeout = phase.timeout;
  task.pause = source.options.pause;
  task.alarms = source.fleet.alarms;
  json::object payload = to_json(task);
  payload["members"] = fmt::format("{{% $lookup($members, {}) %}}", literal(json::value(phase.name)));
  payload["since"] = "{% $since %}";
  payload["looks"] = "{% $survey.looks %}";
  payload["passed"] = "{% $states.input.passed %}";
  payload["memory"] = "{% $states.input.memory %}";
  json::object state = task_state(source, std::move(payload), tasks::kReconcileTimeout);
  // An answer that is none of docs/tasks.md fails here, where it is caught, so that no later state can.
  state["Output"] = json::object{
      {"status",
       "{% $lookup({'ready': 'ready', 'waiting': 'waiting', 'failed': 'failed'}, "
       "$states.result.Payload.status) %}"},
      {"at", phase.name},
      {"passed", "{% $number($states.result.Payload.passed) %}"},
      {"wait_seconds", "{% $max([1, $min([86400, $floor($states.result.Payload.wait_seconds)])]) %}"},
      {"memory", "{% $states.result.Payload.memory %}"},
      {"phase", "{% $merge([$states.result.Payload.phase]) %}"}};
  state["Catch"] = catch_all(caught(phase.name, tasks::kReconcileTimeout), next);
  state["Next"] = next;
  return state;
}

json::object report_task(const Source& source, const std::string& next, const std::string& failed) {
  tasks::ReportPayload task;
  task.action = source.action;
  task.fleet = source.fleet.name;
  json::object payload = to_json(task);
  payload["environments"] = "{% $environments %}";
  payload["execution_name"] = "{% $states.context.Execution.Name %}";
  payload["started_at"] = "{% $states.context.Execution.StartTime %}";
  payload["warnings"] = "{% $exists($states.input.survey_error) ? [] : [$survey.warnings] %}";
  payload["survey_error"] = "{% '' & $states.input.survey_error %}";
  payload["results"] = "{% [$states.input.results] %}";
  json::object state = task_state(source, std::move(payload), tasks::kReportTimeout);
  state["Output"] = "{% $merge([$states.result.Payload]) %}";
  state["Catch"] = catch_all({{"error", "{% $states.errorOutput %}"}}, failed);
  state["Next"] = next;
  return state;
}

json::object notify_task(const Source& source, const std::string& next, const std::string& unclear) {
  tasks::NotifyPayload task;
  task.topic = source.fleet.notify.sns;
  task.region = topic_region(source);
  task.repeat = unclear.empty();
  json::object payload = to_json(task);
  payload["subject"] = "{% $states.input.subject %}";
  payload["body"] = "{% $states.input.body %}";
  json::object state = task_state(source, std::move(payload), tasks::kReconcileTimeout);
  json::array retries = retry();
  retries.push_back(not_sent_retry());
  state["Retry"] = std::move(retries);
  state["Output"] = "{% $merge([$states.input, {'notified': $merge([$states.result.Payload])}]) %}";
  json::array catchers;
  if (!unclear.empty()) {
    catchers.push_back(
        json::object{{"ErrorEquals", json::array{"States.Timeout", "Sandbox.Timedout", "Runtime.ExitError"}},
                     {"Output", "{% $states.input %}"},
                     {"Next", unclear}});
  }
  const std::string sent = unclear.empty() ? "'unknown'" : "false";
  const std::string notified = fmt::format(
      "{{% $merge([$states.input, {{'notified': {{'sent': {}, 'message_id': '', 'error': {}}}}}]) %}}", sent,
      error_words("$states.errorOutput"));
  for (const json::value& catcher : catch_all(json::value(notified), next)) catchers.push_back(catcher);
  state["Catch"] = std::move(catchers);
  state["Next"] = next;
  return state;
}

json::array passing_errors() {
  json::array errors{"Lambda.TooManyRequestsException",
                     "Lambda.ServiceException",
                     "Lambda.AWSLambdaException",
                     "Lambda.SdkClientException",
                     "Lambda.ClientExecutionTimeoutException",
                     "Sandbox.Timedout",
                     "Runtime.ExitError",
                     "States.Timeout"};
  for (const auto error : aws::passing_error_codes()) errors.emplace_back(error);
  return errors;
}

std::string error_words(const std::string& error) {
  // The cause of a function's error is a JSON text; what it says is in its errorMessage. A backslash is
  // written \x5c: JSONata's own scanner of regular expressions stumbles over one before a bracket.
  return fmt::format(
      R"x(($cause := $substring('' & {0}.Cause, 0, 2000); )x"
      R"x($message := $match($cause, /"errorMessage" *: *"([^\x5c"]*(?:\x5c.[^\x5c"]*)*)"/, 1).groups[0]; )x"
      R"x($words := $exists($message) ? $replace($message, /\x5c(.)/, '$1') : $cause; )x"
      R"x({0}.Error & ($words = '' ? '' : ': ' & $words)))x",
      error);
}

}  // namespace lamplighter::machine
