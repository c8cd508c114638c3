#include "simcloud/cloudwatch.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/arn.h"

namespace lamplighter::simcloud {
namespace {

constexpr std::size_t kMostNames = 100;
constexpr std::size_t kDefaultRecords = 50;
constexpr std::size_t kMostRecords = 100;
constexpr std::size_t kMostTags = 50;
constexpr std::size_t kLongestTagKey = 128;
constexpr std::size_t kLongestTagValue = 256;

/// An alarm of a server has data while that runs, and is well once its checks have passed.
std::string_view state_of(World& world, const SimulatedAlarm& alarm) {
  if (alarm.instance_id.empty()) return "OK";
  const SimulatedServer* server = world.server(alarm.region, alarm.instance_id);
  if (server == nullptr || server->state() != ServerState::running) return "INSUFFICIENT_DATA";
  const auto instance = server->instance_status(world.now);
  const auto system = server->system_status(world.now);
  if (instance == "impaired" || system == "impaired") return "ALARM";
  if (instance != "ok" || system != "ok") return "INSUFFICIENT_DATA";
  return world.faults.strikes(FaultKind::ringing, server->name()) ? "ALARM" : "OK";
}

/// What metric and composite alarms have in common.
json::object common_shape(World& world, const SimulatedAlarm& alarm) {
  return {{"AlarmName", alarm.name},
          {"AlarmArn", alarm.arn},
          {"AlarmDescription", "Made by the simulated cloud"},
          {"AlarmConfigurationUpdatedTimestamp", format_time(alarm.updated)},
          {"ActionsEnabled", alarm.actions_enabled},
          {"OKActions", json::array{}},
          {"AlarmActions", json::array{arn_in(alarm.region, "sns", world.account, "on-call").text()}},
          {"InsufficientDataActions", json::array{}},
          {"StateValue", state_of(world, alarm)},
          {"StateReason", "As its server is."},
          {"StateUpdatedTimestamp", format_time(alarm.updated)}};
}

json::object composite_shape(World& world, const SimulatedAlarm& alarm) {
  auto shape = common_shape(world, alarm);
  shape["AlarmRule"] = alarm.rule;
  return shape;
}

json::object metric_shape(World& world, const SimulatedAlarm& alarm) {
  auto shape = common_shape(world, alarm);
  json::array dimensions;
  if (!alarm.instance_id.empty()) {
    dimensions.push_back({{"Name", "InstanceId"}, {"Value", alarm.instance_id}});
  }
  shape["MetricName"] = alarm.metric;
  shape["Namespace"] = "AWS/EC2";
  shape["Statistic"] = "Maximum";
  shape["Dimensions"] = std::move(dimensions);
  shape["Period"] = 300;
  shape["EvaluationPeriods"] = 2;
  shape["Threshold"] = 1.0;
  shape["ComparisonOperator"] = "GreaterThanOrEqualToThreshold";
  shape["TreatMissingData"] = "missing";
  return shape;
}

struct AlarmQuery {
  std::vector<std::string> names;
  std::string prefix;
  std::string state;
  bool metric_alarms = true;
  bool composite_alarms = false;
  std::size_t begin = 0;
  std::size_t size = kDefaultRecords;
};

tl::expected<AlarmQuery, ApiError> read_query(const CallParameters& parameters) {
  AlarmQuery query{.names = parameters.list("AlarmNames.member"),
                   .prefix = parameters.get("AlarmNamePrefix"),
                   .state = parameters.get("StateValue")};
  if (query.names.size() > kMostNames)
    return refuse("ValidationError", "At most 100 alarm names may be given.");
  if (!query.names.empty() && !query.prefix.empty()) {
    return refuse("InvalidParameterCombination", "AlarmNamePrefix and AlarmNames may not be given together.");
  }
  const auto types = parameters.list("AlarmTypes.member");
  const auto has = [&](std::string_view type) {
    return std::find(types.begin(), types.end(), type) != types.end();
  };
  query.metric_alarms = types.empty() || has("MetricAlarm");
  query.composite_alarms = has("CompositeAlarm");
  const auto offset = page_offset(parameters.get("NextToken"));
  if (!offset) return refuse("InvalidNextToken", "The next token specified is invalid.");
  query.begin = *offset;
  if (const std::string& records = parameters.get("MaxRecords"); !records.empty()) {
    const auto [end, error] = std::from_chars(records.data(), records.data() + records.size(), query.size);
    if (error != std::errc{} || end != records.data() + records.size() || query.size < 1 ||
        query.size > kMostRecords) {
      return refuse("ValidationError", "MaxRecords is a number from 1 to 100.");
    }
  }
  return query;
}

bool asked_for(World& world, const SimulatedAlarm& alarm, const AlarmQuery& query) {
  return (alarm.rule.empty() ? query.metric_alarms : query.composite_alarms) &&
         alarm.name.starts_with(query.prefix) &&
         (query.state.empty() || query.state == state_of(world, alarm)) &&
         (query.names.empty() ||
          std::find(query.names.begin(), query.names.end(), alarm.name) != query.names.end());
}

Answer describe_alarms(World& world, const Call& call) {
  const auto query = read_query(call.parameters);
  if (!query) return tl::unexpected(query.error());
  json::array metric;
  json::array composite;
  std::size_t position = 0;
  bool more = false;
  for (const SimulatedAlarm& alarm : world.alarms) {
    if (alarm.region != call.region || !asked_for(world, alarm, *query)) continue;
    more = metric.size() + composite.size() == query->size;
    if (more) break;
    if (position++ < query->begin) continue;
    if (alarm.rule.empty()) {
      metric.push_back(metric_shape(world, alarm));
    } else {
      composite.push_back(composite_shape(world, alarm));
    }
  }
  json::object answer{{"CompositeAlarms", std::move(composite)}, {"MetricAlarms", std::move(metric)}};
  if (more) answer["NextToken"] = page_token(position);
  return answer;
}

Answer set_actions(World& world, const Call& call, bool enabled) {
  const auto names = call.parameters.list("AlarmNames.member");
  if (names.empty()) return refuse("ValidationError", "The request must name at least one alarm.");
  if (names.size() > kMostNames) return refuse("ValidationError", "At most 100 alarm names may be given.");
  for (const std::string& name : names) {
    // CloudWatch passes over names that it does not know.
    SimulatedAlarm* alarm = world.alarm(call.region, name);
    if (alarm == nullptr || alarm->name != name) continue;
    alarm->actions_enabled = enabled;
    alarm->updated = world.now;
  }
  return json::object{};
}

Answer enable_actions(World& world, const Call& call) { return set_actions(world, call, true); }
Answer disable_actions(World& world, const Call& call) { return set_actions(world, call, false); }

/// The alarm whose ARN the call gives.
tl::expected<SimulatedAlarm*, ApiError> addressed_alarm(World& world, const Call& call) {
  const std::string& arn = call.parameters.get("ResourceARN");
  if (!arn.starts_with("arn:")) return refuse("ValidationError", "ResourceARN is not an ARN.");
  SimulatedAlarm* alarm = world.alarm(call.region, arn);
  if (alarm == nullptr)
    return refuse("ResourceNotFoundException", fmt::format("Unknown resource {}", arn), 404);
  return alarm;
}

Answer tag_resource(World& world, const Call& call) {
  const auto alarm = addressed_alarm(world, call);
  if (!alarm) return tl::unexpected(alarm.error());
  auto tags = (*alarm)->tags;
  for (const std::string& prefix : call.parameters.numbered("Tags.member")) {
    const std::string& key = call.parameters.get(prefix + ".Key");
    const std::string& value = call.parameters.get(prefix + ".Value");
    if (key.empty() || key.size() > kLongestTagKey || value.size() > kLongestTagValue) {
      return refuse("InvalidParameterValue", "Tag keys have 1 to 128, tag values up to 256 characters.");
    }
    tags[key] = value;
  }
  if (tags.size() > kMostTags) return refuse("InvalidParameterValue", "A resource can have up to 50 tags.");
  (*alarm)->tags = std::move(tags);
  return json::object{};
}

Answer untag_resource(World& world, const Call& call) {
  const auto alarm = addressed_alarm(world, call);
  if (!alarm) return tl::unexpected(alarm.error());
  for (const std::string& key : call.parameters.list("TagKeys.member")) (*alarm)->tags.erase(key);
  return json::object{};
}

Answer list_tags(World& world, const Call& call) {
  const auto alarm = addressed_alarm(world, call);
  if (!alarm) return tl::unexpected(alarm.error());
  json::array tags;
  for (const auto& [key, value] : (*alarm)->tags) tags.push_back({{"Key", key}, {"Value", value}});
  return json::object{{"Tags", std::move(tags)}};
}

const std::map<std::string_view, Answer (*)(World&, const Call&)>& actions() {
  static const std::map<std::string_view, Answer (*)(World&, const Call&)> table{
      {"DescribeAlarms", describe_alarms},      {"EnableAlarmActions", enable_actions},
      {"DisableAlarmActions", disable_actions}, {"TagResource", tag_resource},
      {"UntagResource", untag_resource},        {"ListTagsForResource", list_tags},
  };
  return table;
}

}  // namespace

bool has_cloudwatch_action(std::string_view action) { return actions().contains(action); }

Answer answer_cloudwatch(World& world, const Call& call) { return actions().at(call.action)(world, call); }

}  // namespace lamplighter::simcloud
