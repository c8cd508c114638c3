#include "machine/tasks.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "aws/client/error_codes.h"
#include "fleet/recipients.h"
#include "machine/task_state.h"
#include "tasks/protocol/admit.h"
#include "tasks/protocol/event_budget.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/payload_budget.h"
#include "tasks/protocol/run.h"
#include "tasks/protocol/survey.h"
#include "tasks/protocol/timeouts.h"
#include "tasks/protocol/unmute.h"
#include "tasks/protocol/warn.h"

namespace lamplighter::machine {
namespace {

/// The names of the environments that ran, by the survey.
constexpr std::string_view kRan = "$survey.environments[status = 'run'].name";
constexpr std::string_view kRun = "{% $run %}";
constexpr std::string_view kWish = "{% $wish %}";
constexpr std::string_view kBegan = "{% $run.began %}";
constexpr std::string_view kCoordination = "{% $run.coordination %}";
constexpr std::string_view kWaitSeconds = "'wait_seconds': $max([1,$floor(wait_seconds)])";
constexpr int kPauseAfterError = 60;  // seconds, before alarms are looked at again

/// Until AWS answers at all, for about an hour: before that there is nothing to do.
json::object wait_for_aws() {
  json::array errors;
  for (const auto error : aws::passing_error_codes()) errors.emplace_back(error);
  return {{"ErrorEquals", std::move(errors)},
          {"IntervalSeconds", 10},
          {"MaxDelaySeconds", 300},
          {"MaxAttempts", tasks::kSurveyRetries}};
}

/// The names of other servers of the fleet whose alarms could be taken for those of the phase's: that hold
/// one of its names. Where its servers are not selected by name, any could.
std::vector<std::string> confusable_names(const Source& source, const fleet::Phase& phase) {
  const tasks::Selector& own = phase.servers;
  const bool any = !own.ids.empty() || !own.tags.empty();
  const auto holds_one = [&](const std::string& name) {
    return std::any_of(own.names.begin(), own.names.end(), [&](const std::string& one) {
      return name != one && name.find(one) != std::string::npos;
    });
  };
  std::vector<std::string> names;
  for (const fleet::Environment& environment : source.fleet.environments) {
    for (const fleet::Phase& other : environment.phases) {
      if (&other == &phase) continue;
      std::copy_if(other.servers.names.begin(), other.servers.names.end(), std::back_inserter(names),
                   [&](const std::string& name) { return any || holds_one(name); });
    }
  }
  return names;
}

std::string topic_region(const fleet::Notify& topic, const Source& source) {
  return topic.region.empty() ? source.environments.front()->region : topic.region;
}

/// The first is the report's; machines of one topic have been so from the beginning.
void add_topic(tasks::SurveyPayload& task, const fleet::Notify& topic, const Source& source) {
  if (!task.topic.empty()) {
    task.more_topics.push_back({topic.sns, topic_region(topic, source)});
    return;
  }
  task.topic = topic.sns;
  task.topic_region = topic_region(topic, source);
}

/// Whether others than mails are told of warnings.
bool has_programs(const fleet::Fleet& fleet) {
  const auto told = fleet::told_of(fleet, fleet::Occasion::warning);
  return std::any_of(told.begin(), told.end(), [](const fleet::Notify* one) { return one->sns.empty(); });
}

/// A branch's task. What is the same in all branches stands once.
json::object branch_task(const Source& source, json::object payload, std::string_view run) {
  for (const auto key : tasks::kRunMembers) payload.erase(key);
  json::object state = task_state(source, std::move(payload), tasks::kReconcileTimeout);
  json::object& told = state["Arguments"].as_object()["Payload"].as_object();
  told.erase("execution");
  told[tasks::kRun] = run;
  return state;
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
    all.push_back({environment->name, environment->region, environment->role_arn, {}, environment->account});
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

json::object survey_task(const Source& source, const std::string& next, const std::string& failed) {
  tasks::SurveyPayload task;
  task.action = source.action;
  task.fleet = source.fleet.name;
  for (const fleet::Notify* topic : fleet::topics_of(source.fleet)) add_topic(task, *topic, source);
  task.recipients = std::max<int>(1, static_cast<int>(fleet::told_of_runs(source.fleet).size()));
  json::object payload = to_json(task);
  payload["environments"] = "{% $environments %}";
  payload["chosen"] = "{% $run.chosen %}";
  payload["input"] = "{% $states.context.Execution.Input %}";
  json::object state = task_state(source, std::move(payload), tasks::kReportTimeout, not_run());
  state["Retry"].as_array().push_back(wait_for_aws());
  // What Choices reckon with is made sure of here, where an error is caught.
  state["Assign"] = json::object{
      {"survey", "{% $states.result.Payload %}"},
      {"verdicts",
       "{% $merge([$states.result.Payload.environments.{name: "
       "{'status': status, 'phase': phase, 'reason': reason}}]) %}"},
      {tasks::kRun, "{% $merge([$run, {'looks': $max([1, $floor($states.result.Payload.looks)])}]) %}"}};
  state["Output"] = json::object{};
  state["Catch"] = catch_all(
      failed, json::object{{"results", json::array{}},
                           {"survey_error", fmt::format("{{% {} %}}", error_words("$states.errorOutput"))}});
  state["Next"] = next;
  return state;
}

json::object admit_task(const Source& source, const fleet::Environment& environment,
                        const std::string& next) {
  tasks::AdmitPayload task;
  task.action = source.action;
  task.fleet = source.fleet.name;
  json::object payload = to_json(task);
  payload["environment"] = fmt::format("{{% $environments[name = '{}'] %}}", environment.name);
  payload["claim"] = "{% $claim %}";
  json::object state = branch_task(source, std::move(payload), kWish);
  state["Assign"] = json::object{{"members", "{% $states.result.Payload.members %}"},
                                 {"at", "{% $states.result.Payload.phase %}"},
                                 {"claim", "{% $states.result.Payload.claim %}"},
                                 {"lease", "{% $states.result.Payload.lease %}"}};
  state["Output"] =
      fmt::format("{{% $states.result.Payload.{{'status': status, 'reason': reason, {}}} %}}", kWaitSeconds);
  state["Catch"] = catch_all(next);
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
  task.timeout = phase.timeout;
  task.pause = source.options.pause;
  task.settle = static_cast<int>(std::chrono::ceil<std::chrono::seconds>(phase.settle).count());
  task.alarms = source.fleet.alarms;
  if (task.alarms == tasks::AlarmMatch::dimension_or_name) task.known_names = confusable_names(source, phase);
  json::object payload = to_json(task);
  payload["members"] = fmt::format("{{% $members.`{}` %}}", phase.name);
  payload["since"] = "{% $since %}";
  payload["passed"] = "{% $ceil($passed) %}";
  payload["memory"] = "{% $memory %}";
  payload["lease"] = "{% $lease %}";
  json::object state = branch_task(source, std::move(payload), kRun);
  // An answer that is none of docs/tasks.md fails here, where it is caught, so that no later state can.
  state["Assign"] = json::object{{"memory", "{% $states.result.Payload.memory %}"},
                                 {"lease", "{% $states.result.Payload.lease %}"},
                                 {"passed", "{% $number($states.result.Payload.passed) %}"}};
  state["Output"] = fmt::format(
      "{{% $states.result.Payload.{{'status': status, {}, 'phase': $merge([phase])}} %}}", kWaitSeconds);
  state["Catch"] = catch_all(next);
  state["Next"] = next;
  return state;
}

json::object report_task(const Source& source, const std::string& next, const std::string& failed) {
  tasks::ReportPayload task;
  task.action = source.action;
  task.fleet = source.fleet.name;
  task.timezone = source.fleet.timezone;
  task.alarms = source.fleet.alarms;
  task.unmute_after = source.fleet.unmute_after;
  json::object payload = to_json(task);
  payload["ran"] = fmt::format("{{% [{}] %}}", kRan);
  payload["coordination"] = kCoordination;
  payload["environments"] = "{% $environments %}";
  payload["execution_name"] = "{% $states.context.Execution.Name %}";
  payload["started_at"] = "{% $states.context.Execution.StartTime %}";
  payload["warnings"] = "{% $exists($states.input.survey_error) ? [] : [$survey.warnings] %}";
  payload["survey_error"] = "{% '' & $states.input.survey_error %}";
  payload["results"] = "{% [$states.input.results] %}";
  json::object state = task_state(source, std::move(payload), tasks::kReportTimeout, not_run());
  state["Output"] = "{% $merge([$states.result.Payload]) %}";
  state["Catch"] = catch_all(failed);
  state["Next"] = next;
  return state;
}

json::object warn_task(const Source& source, const std::string& next, const std::string& failed) {
  tasks::WarnPayload task;
  task.fleet = source.fleet.name;
  task.timezone = source.fleet.timezone;
  task.coordination = source.fleet.coordination;
  json::object payload = to_json(task);
  payload["environments"] = "{% $environments %}";
  payload["chosen"] = "{% [$states.input.environments] %}";
  payload[tasks::kAhead] = "{% $states.input.ahead %}";
  payload[tasks::kOccurrence] = "{% $states.input.occurrence %}";
  payload[tasks::kCalendar] = "{% $exists($states.input.calendar) ? $states.input.calendar : null %}";
  json::array retried = not_run();
  for (const auto error : aws::passing_error_codes()) retried.emplace_back(error);
  json::object state = task_state(source, std::move(payload), tasks::kReportTimeout, std::move(retried));
  state["Output"] = has_programs(source.fleet)
                        ? "{% $states.result.Payload.{'subject': subject, 'body': body, 'due': due, "
                          "'environments': [environments]} %}"
                        : "{% $states.result.Payload.{'subject': subject, 'body': body, 'due': due} %}";
  state["Catch"] = catch_all(failed);
  state["Next"] = next;
  return state;
}

json::object unmute_task(const Source& source, const std::string& next) {
  tasks::UnmutePayload task;
  task.action = source.action;
  task.fleet = source.fleet.name;
  task.alarms = source.fleet.alarms;
  task.unmute_after = source.fleet.unmute_after;
  json::object payload = to_json(task);
  // After a stop it matters whose alarms they are; after a start only how they are marked.
  const std::string_view described = task.action == tasks::Action::stop
                                         ? ""
                                         : ".{'name': name, 'region': region, 'role': role, 'phases': []}";
  payload["environments"] = fmt::format("{{% [$environments[name in $reported.unmutes]{}] %}}", described);
  payload["since"] = "{% $reported.ended_at %}";
  payload["began"] = kBegan;
  payload["coordination"] = kCoordination;
  payload["leases"] = "{% $reported.leases %}";
  payload["looks"] = fmt::format("{{% {} - $unmuting.looks %}}", tasks::kUnmuteLooks);
  json::object state = task_state(source, std::move(payload), tasks::kReconcileTimeout);
  const auto unmuting = [](const std::string& status, const json::value& wait, const std::string& words) {
    return json::object{
        {"unmuting",
         json::object{
             {"status", status}, {"wait", wait}, {"looks", "{% $unmuting.looks + 1 %}"}, {"words", words}}}};
  };
  state["Assign"] = unmuting("{% $match($states.result.Payload.status, /done|waiting/).match %}",
                             "{% $max([1, $min([86400, $floor($states.result.Payload.wait_seconds)])]) %}",
                             "{% $substring('' & $states.result.Payload.words, 0, 2000) %}");
  state["Output"] = "{% $states.input %}";
  json::array catchers = catch_all(next, "{% $states.input %}");
  for (json::value& catcher : catchers) {
    catcher.as_object()["Assign"] =
        unmuting("{% $states.errorOutput.Error in $passing ? 'waiting' : 'done' %}", kPauseAfterError,
                 fmt::format("{{% 'muted alarms could not be looked at: ' & {} %}}",
                             error_words("$states.errorOutput")));
  }
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
  errors.emplace_back(tasks::kLeaseContended);
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
