#include "machine/tasks.h"

#include <algorithm>

#include "tasks/protocol/errors.h"

namespace lamplighter::machine {
namespace {

constexpr std::string_view kResource = "arn:aws:states:::lambda:invoke";
// One look, with the API's own retries; the Lambda's timeout is the same.
constexpr int kReconcileTimeout = 120;
constexpr int kReportTimeout = 300;
// A listed server takes about 260 bytes of a branch's output.
constexpr std::size_t kListedServers = 600;
constexpr std::size_t kMaxListedServers = 100;

std::int64_t seconds(Duration duration) { return std::chrono::floor<std::chrono::seconds>(duration).count(); }

json::array strings(const std::vector<std::string>& values) {
  json::array array;
  for (const std::string& value : values) array.emplace_back(value);
  return array;
}

json::object selector(const fleet::Selector& servers) {
  json::array tags;
  for (const fleet::Tags& set : servers.tags) {
    json::object members;
    for (const auto& [key, value] : set) members[key] = value;
    tags.push_back(std::move(members));
  }
  return {{"names", strings(servers.names)}, {"ids", strings(servers.ids)}, {"tags", std::move(tags)}};
}

std::string_view alarms(fleet::AlarmMatch match) {
  switch (match) {
    case fleet::AlarmMatch::none:
      return "none";
    case fleet::AlarmMatch::dimension:
      return "dimension";
    case fleet::AlarmMatch::dimension_or_name:
      return "dimension-or-name";
  }
  return "none";
}

/// What is tried again by itself, and what besides.
json::array transient_errors(std::initializer_list<std::string_view> others = {}) {
  json::array errors;
  for (const auto error : tasks::transient_errors()) errors.emplace_back(error);
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

/// Where an environment's servers are. No empty texts: asl-validator takes none.
void set_target(json::object& payload, const fleet::Environment& environment) {
  payload["region"] = environment.region;
  if (!environment.role_arn.empty()) payload["role"] = environment.role_arn;
}

json::object invoke(const Source& source, json::object payload) {
  return {{"FunctionName", source.options.function_name}, {"Payload", std::move(payload)}};
}

}  // namespace

std::vector<const fleet::Phase*> Source::phases(const fleet::Environment& environment) const {
  std::vector<const fleet::Phase*> phases;
  phases.reserve(environment.phases.size());
  for (const fleet::Phase& phase : environment.phases) phases.push_back(&phase);
  if (action == fleet::Action::stop) std::reverse(phases.begin(), phases.end());
  return phases;
}

std::size_t Source::servers_listed() const {
  std::size_t phases = 0;
  for (const fleet::Environment* environment : environments) phases += environment->phases.size();
  return std::min(kMaxListedServers, kListedServers / std::max<std::size_t>(1, phases));
}

json::object reconcile_task(const Source& source, const fleet::Environment& environment,
                            const fleet::Phase& phase, const std::string& next, const std::string& halt) {
  json::object payload{{"task", "reconcile"},
                       {"action", fleet::to_string(source.action)},
                       {"fleet", source.fleet.name},
                       {"environment", environment.name},
                       {"phase", phase.name},
                       {"servers", selector(phase.servers)},
                       {"servers_listed", source.servers_listed()},
                       {"timeout", seconds(phase.timeout)},
                       {"alarms", alarms(source.fleet.alarms)},
                       {"wait", json::object{{"min", source.pace.min}, {"max", source.pace.max}}},
                       {"execution", "{% $states.context.Execution.Id %}"},
                       {"memory", "{% $states.input.memory %}"}};
  set_target(payload, environment);
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
          {"Resource", kResource},
          {"Arguments", invoke(source, std::move(payload))},
          {"Output", std::move(output)},
          {"TimeoutSeconds", kReconcileTimeout},
          {"Retry", retry(transient_errors(), 8)},
          {"Catch", catch_all(halt)},
          {"Next", next}};
}

json::object report_task(const Source& source, const std::string& next, const std::string& not_sent) {
  json::array environments;
  for (const fleet::Environment* environment : source.environments) {
    json::array phases;
    for (const fleet::Phase* phase : source.phases(*environment)) {
      phases.push_back(json::object{{"name", phase->name}, {"servers", selector(phase->servers)}});
    }
    json::object described{{"name", environment->name}, {"phases", std::move(phases)}};
    set_target(described, *environment);
    environments.push_back(std::move(described));
  }
  json::object payload{{"task", "report"},
                       {"action", fleet::to_string(source.action)},
                       {"fleet", source.fleet.name},
                       {"execution", "{% $states.context.Execution.Id %}"},
                       {"execution_name", "{% $states.context.Execution.Name %}"},
                       {"started_at", "{% $states.context.Execution.StartTime %}"},
                       {"environments", std::move(environments)},
                       {"results", "{% [$states.input] %}"}};
  const fleet::Notify& notify = source.fleet.notify;
  payload["region"] = notify.region.empty() ? source.environments.front()->region : notify.region;
  if (!notify.sns.empty()) payload["topic"] = notify.sns;
  return {{"Type", "Task"},
          {"Resource", kResource},
          {"Arguments", invoke(source, std::move(payload))},
          {"Output", "{% $merge([$states.result.Payload]) %}"},
          {"TimeoutSeconds", kReportTimeout},
          {"Retry", retry(transient_errors({"ReportNotSent"}), 5)},
          {"Catch", catch_all(not_sent)},
          {"Next", next}};
}

}  // namespace lamplighter::machine
