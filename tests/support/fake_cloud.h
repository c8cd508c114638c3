// For the tests of this directory: a cloud of a few servers and alarms behind aws::Caller. Servers change
// state only when a test says so, any call can be made to fail, and every call is written down.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "aws/client/caller.h"
#include "json/json.h"
#include "tasks/alarm_mark.h"
#include "tasks/protocol/admit.h"
#include "tasks/protocol/payload.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

struct FakeServer {
  std::string id{};
  std::map<std::string, std::string> tags{};
  std::string state = "stopped";
  std::string instance_status = "ok";  ///< once it runs
  std::string system_status = "ok";
  std::string attached_ebs_status{};  ///< "" where EC2 does not say
  std::string state_reason_code{};
  std::string state_reason_message{};
  std::optional<Error> refusal{};  ///< of StartInstances and StopInstances, for its sake
};

struct FakeAlarm {
  std::string instance_id{};  ///< "" for no such dimension
  bool enabled = true;
  std::map<std::string, std::string> tags{};
  std::string rule{};  ///< of a composite alarm
  std::string state = "OK";
};

struct FakeMail {
  std::string topic;
  std::string subject;
  std::string message;
};

class FakeCloud final : public aws::Caller {
 public:
  static constexpr const char* kAccount = "123456789012";
  std::vector<FakeServer> servers;
  std::map<std::string, FakeAlarm> alarms;  ///< by name
  std::vector<std::string> topics{"mailme"};
  int subscribers = 1;  ///< of each topic
  std::vector<FakeMail> mails;
  std::map<std::string, Error> errors;          ///< by action: every such call fails
  std::map<std::string, Error> refused_alarms;  ///< by name: tagging and muting fail for its sake
  bool has_tagging_api = true;
  std::vector<std::string> calls;  ///< "StartInstances i-1 i-2", in order
  std::optional<int> dies_after;   ///< so many calls are done, then nothing works any more

  FakeServer& add(const std::string& name, const std::string& state) {
    servers.push_back(
        {.id = fmt::format("i-{:017}", servers.size() + 1), .tags = {{"Name", name}}, .state = state});
    return servers.back();
  }
  /// A server and an alarm "NAME-cpu" of it.
  void add_with_alarm(const std::string& name, const std::string& state, bool muted) {
    const auto id = add(name, state).id;
    alarms[name + "-cpu"] = {.instance_id = id, .enabled = !muted, .tags = muted ? mark() : no_mark()};
  }
  FakeServer& named(const std::string& name) {
    return *std::find_if(servers.begin(), servers.end(), [&](auto& s) { return s.tags["Name"] == name; });
  }
  FakeServer* with_id(const std::string& id) {
    const auto found =
        std::find_if(servers.begin(), servers.end(), [&](const auto& s) { return s.id == id; });
    return found == servers.end() ? nullptr : &*found;
  }
  /// What is on its way arrives.
  void settle() {
    for (auto& server : servers) {
      if (server.state == "pending") server.state = "running";
      if (server.state == "stopping") server.state = "stopped";
    }
  }
  static std::map<std::string, std::string> mark() { return {{std::string(kMutedTag), "fleet/dev/db"}}; }
  static std::map<std::string, std::string> no_mark() { return {}; }

  [[nodiscard]] std::vector<std::string> calls_of(std::string_view action) const {
    std::vector<std::string> found;
    for (const auto& call : calls) {
      if (call.substr(0, call.find(' ')) == action) found.push_back(call);
    }
    return found;
  }

  Result<std::string> call(const aws::Target& target, std::string_view, std::string_view action,
                           const aws::Parameters& parameters) override {
    if (dies_after && (*dies_after)-- <= 0)
      return fail(ErrorKind::aws, "ConnectionError", "the process is gone");
    targets.push_back(target);
    calls.push_back(
        fmt::format("{} {}", action, fmt::join(values(parameters, subject_of_call(action)), " ")));
    if (const auto error = errors.find(std::string(action)); error != errors.end()) {
      return tl::unexpected(error->second);
    }
    return answer(action, parameters);
  }
  /// The tagging API.
  Result<std::string> call_json(const aws::Target& target, std::string_view, std::string_view action,
                                const json::object& body) override {
    if (dies_after && (*dies_after)-- <= 0)
      return fail(ErrorKind::aws, "ConnectionError", "the process is gone");
    targets.push_back(target);
    std::vector<std::string> arns;
    if (const auto* list = body.if_contains("ResourceARNList")) {
      for (const auto& arn : list->as_array()) arns.emplace_back(arn.as_string());
    }
    calls.push_back(fmt::format("{} {}", action, fmt::join(arns, " ")));
    if (!has_tagging_api)
      return fail(ErrorKind::aws, "UnknownOperationException", "there is no such service");
    if (const auto error = errors.find(std::string(action)); error != errors.end()) {
      return tl::unexpected(error->second);
    }
    return json_text(action == "GetResources" ? marked_alarms() : change_tags(action, arns, body));
  }
  [[nodiscard]] aws::CallCounts counts() const override { return {}; }

  std::vector<aws::Target> targets;

 private:
  static std::string subject_of_call(std::string_view action) {
    if (action == "DisableAlarmActions" || action == "EnableAlarmActions") return "AlarmNames.member.";
    if (action == "TagResource" || action == "UntagResource" || action == "ListTagsForResource")
      return "ResourceARN";
    return "InstanceId.";
  }
  static std::vector<std::string> values(const aws::Parameters& parameters, std::string_view prefix) {
    std::vector<std::string> found;
    for (const auto& [key, value] : parameters) {
      if (key.rfind(prefix, 0) == 0) found.push_back(value);
    }
    return found;
  }
  static std::string value(const aws::Parameters& parameters, std::string_view key) {
    const auto found = values(parameters, key);
    return found.empty() ? "" : found.front();
  }

  Result<std::string> answer(std::string_view action, const aws::Parameters& parameters) {
    if (action == "DescribeInstances") return describe_instances(parameters);
    if (action == "DescribeInstanceStatus") return describe_status(parameters);
    if (action == "StartInstances") return change(parameters, "stopped", "pending");
    if (action == "StopInstances") return change(parameters, "running", "stopping");
    if (action == "DescribeAlarms") return describe_alarms();
    if (action == "DisableAlarmActions") return set_actions(parameters, false);
    if (action == "EnableAlarmActions") return set_actions(parameters, true);
    if (action == "GetCallerIdentity") {
      return fmt::format("<R><GetCallerIdentityResult><Account>{}</Account></GetCallerIdentityResult></R>",
                         kAccount);
    }
    if (action == "ListTopics") return list_topics();
    if (action == "GetTopicAttributes") return topic_attributes(parameters);
    if (action == "Publish") return publish(parameters);
    return tags_of_alarm(action, parameters);
  }

  /// A filter's name and its values.
  using Filters = std::vector<std::pair<std::string, std::set<std::string>>>;
  static Filters filters_of(const aws::Parameters& parameters) {
    Filters filters;
    for (int i = 1; !value(parameters, fmt::format("Filter.{}.Name", i)).empty(); ++i) {
      const auto wanted = values(parameters, fmt::format("Filter.{}.Value.", i));
      filters.emplace_back(value(parameters, fmt::format("Filter.{}.Name", i)),
                           std::set<std::string>(wanted.begin(), wanted.end()));
    }
    return filters;
  }

  [[nodiscard]] static bool matches(const FakeServer& server, const std::string& filter,
                                    const std::set<std::string>& wanted) {
    const auto tag = filter.rfind("tag:", 0) == 0 ? server.tags.find(filter.substr(4)) : server.tags.end();
    const auto& text = filter == "instance-id" ? server.id : (tag == server.tags.end() ? "" : tag->second);
    return wanted.count(text) > 0;
  }

  Result<std::string> describe_instances(const aws::Parameters& parameters) const {
    std::string items;
    const Filters filters = filters_of(parameters);
    for (const auto& server : servers) {
      const bool all = std::all_of(filters.begin(), filters.end(), [&](const auto& filter) {
        return matches(server, filter.first, filter.second);
      });
      if (!all) continue;
      std::string tags;
      for (const auto& [key, text] : server.tags) {
        tags += fmt::format("<item><key>{}</key><value>{}</value></item>", key, text);
      }
      items += fmt::format(
          "<item><instancesSet><item><instanceId>{}</instanceId><instanceState><name>{}</name></"
          "instanceState>"
          "<stateReason><code>{}</code><message>{}</message></stateReason><tagSet>{}</tagSet></item>"
          "</instancesSet></item>",
          server.id, server.state, server.state_reason_code, server.state_reason_message, tags);
    }
    return fmt::format("<R><reservationSet>{}</reservationSet></R>", items);
  }

  Result<std::string> describe_status(const aws::Parameters& parameters) {
    std::string items;
    for (const auto& id : values(parameters, "InstanceId.")) {
      const auto* server = with_id(id);
      if (!server || server->state != "running") continue;
      items += fmt::format(
          "<item><instanceId>{}</instanceId><instanceStatus><status>{}</status></instanceStatus>"
          "<systemStatus><status>{}</status></systemStatus>"
          "<attachedEbsStatus><status>{}</status></attachedEbsStatus></item>",
          id, server->instance_status, server->system_status, server->attached_ebs_status);
    }
    return fmt::format("<R><instanceStatusSet>{}</instanceStatusSet></R>", items);
  }

  Result<std::string> change(const aws::Parameters& parameters, const std::string& from,
                             const std::string& to) {
    const auto ids = values(parameters, "InstanceId.");
    for (const auto& id : ids) {
      if (const auto* server = with_id(id); server && server->refusal)
        return tl::unexpected(*server->refusal);
    }
    for (const auto& id : ids) {
      if (auto* server = with_id(id); server && server->state == from) server->state = to;
    }
    return std::string("<R/>");
  }

  static std::string arn_of(const std::string& alarm) { return "arn:aws:cloudwatch:r:1:alarm:" + alarm; }

  Result<std::string> describe_alarms() const {
    std::string metric;
    std::string composite;
    for (const auto& [name, alarm] : alarms) {
      const auto dimension =
          alarm.instance_id.empty()
              ? std::string("<member><Name>Other</Name><Value>x</Value></member>")
              : fmt::format("<member><Name>InstanceId</Name><Value>{}</Value></member>", alarm.instance_id);
      (alarm.rule.empty() ? metric : composite) += fmt::format(
          "<member><AlarmName>{}</AlarmName><AlarmArn>{}</AlarmArn><ActionsEnabled>{}</ActionsEnabled>"
          "<StateValue>{}</StateValue><AlarmRule>{}</AlarmRule><Dimensions>{}</Dimensions></member>",
          name, arn_of(name), alarm.enabled, alarm.state, alarm.rule, alarm.rule.empty() ? dimension : "");
    }
    return fmt::format(
        "<R><DescribeAlarmsResult><MetricAlarms>{}</MetricAlarms><CompositeAlarms>{}"
        "</CompositeAlarms></DescribeAlarmsResult></R>",
        metric, composite);
  }

  [[nodiscard]] json::object marked_alarms() const {
    json::array found;
    for (const auto& [name, alarm] : alarms) {
      json::array tags;
      for (const auto& [key, value] : alarm.tags) tags.push_back({{"Key", key}, {"Value", value}});
      if (alarm.tags.count(std::string(kMutedTag)) == 0) continue;
      found.push_back({{"ResourceARN", arn_of(name)}, {"Tags", std::move(tags)}});
    }
    return {{"PaginationToken", ""}, {"ResourceTagMappingList", std::move(found)}};
  }

  json::object change_tags(std::string_view action, const std::vector<std::string>& arns,
                           const json::object& body) {
    json::object failed;
    for (const auto& arn : arns) {
      const auto name = arn.substr(arn.rfind(':') + 1);
      if (const auto refused = refused_alarms.find(name); refused != refused_alarms.end()) {
        failed[arn] = {{"ErrorCode", refused->second.code}, {"ErrorMessage", refused->second.message}};
        continue;
      }
      auto& tags = alarms.at(name).tags;
      if (action == "TagResources") {
        for (const auto& [key, value] : body.at("Tags").as_object()) tags[key] = value.as_string();
      } else {
        for (const auto& key : body.at("TagKeys").as_array()) tags.erase(std::string(key.as_string()));
      }
    }
    return {{"FailedResourcesMap", std::move(failed)}};
  }

  Result<std::string> set_actions(const aws::Parameters& parameters, bool enabled) {
    for (const auto& name : values(parameters, "AlarmNames.member.")) {
      if (const auto refused = refused_alarms.find(name); refused != refused_alarms.end()) {
        return tl::unexpected(refused->second);
      }
    }
    for (const auto& name : values(parameters, "AlarmNames.member.")) alarms.at(name).enabled = enabled;
    return std::string("<R/>");
  }

  Result<std::string> tags_of_alarm(std::string_view action, const aws::Parameters& parameters) {
    const auto arn = value(parameters, "ResourceARN");
    const auto name = arn.substr(arn.rfind(':') + 1);
    if (const auto refused = refused_alarms.find(name); refused != refused_alarms.end()) {
      return tl::unexpected(refused->second);
    }
    auto& tags = alarms.at(name).tags;
    for (const auto* number : {"1", "2"}) {
      const auto tag = fmt::format("Tags.member.{}", number);
      if (action == "TagResource" && !value(parameters, tag + ".Key").empty())
        tags[value(parameters, tag + ".Key")] = value(parameters, tag + ".Value");
      if (action == "UntagResource") tags.erase(value(parameters, fmt::format("TagKeys.member.{}", number)));
    }
    std::string members;
    for (const auto& [key, text] : tags) {
      members += fmt::format("<member><Key>{}</Key><Value>{}</Value></member>", key, text);
    }
    return fmt::format("<R><ListTagsForResourceResult><Tags>{}</Tags></ListTagsForResourceResult></R>",
                       members);
  }

  Result<std::string> list_topics() const {
    std::string members;
    for (const auto& topic : topics) {
      members +=
          fmt::format("<member><TopicArn>arn:aws:sns:us-east-1:123456789012:{}</TopicArn></member>", topic);
    }
    return fmt::format("<R><ListTopicsResult><Topics>{}</Topics></ListTopicsResult></R>", members);
  }

  [[nodiscard]] Result<std::string> topic_attributes(const aws::Parameters& parameters) const {
    const auto arn = value(parameters, "TopicArn");
    const bool known =
        std::find(topics.begin(), topics.end(), arn.substr(arn.rfind(':') + 1)) != topics.end();
    if (!known) return fail(ErrorKind::aws, "NotFound", "Topic does not exist");
    return fmt::format(
        "<R><GetTopicAttributesResult><Attributes><entry><key>SubscriptionsConfirmed</key><value>{}</value>"
        "</entry></Attributes></GetTopicAttributesResult></R>",
        subscribers);
  }

  Result<std::string> publish(const aws::Parameters& parameters) {
    mails.push_back(
        {value(parameters, "TopicArn"), value(parameters, "Subject"), value(parameters, "Message")});
    return std::string("<R><PublishResult><MessageId>m-1</MessageId></PublishResult></R>");
  }
};

/// The payload of the task `admit` for the environment dev with the phase db, whose servers `selector` finds.
inline json::object admit_payload(std::string_view action, const Selector& selector) {
  AdmitPayload payload;
  payload.action = *parse_action(action);
  payload.fleet = "fleet";
  payload.environment = {"dev", "us-east-1", "", {{"db", selector, std::chrono::minutes{15}}}};
  payload.execution = "start-1";
  return to_json(payload);
}

/// The payload of a first look at that phase, which has `members` and begins at `since`.
inline json::object reconcile_payload(std::string_view action, const Membership& members = {},
                                      Time since = {}) {
  ReconcilePayload payload;
  payload.action = *parse_action(action);
  payload.fleet = "fleet";
  payload.environment = "dev";
  payload.phase = "db";
  payload.region = "us-east-1";
  payload.members = members;
  payload.since = since;
  payload.timeout = std::chrono::minutes{15};
  payload.looks = 200;
  payload.execution = "start-1";
  return to_json(payload);
}

/// That payload once the environment was admitted; without members where it was not.
inline json::object admitted(const Context& context, std::string_view action, const Selector& selector) {
  const auto answer = run_task(context, admit_payload(action, selector));
  Membership members;
  if (answer) members = read_admit_answer(*answer).value().members["db"];
  return reconcile_payload(action, members, context.clock.now());
}

}  // namespace lamplighter::tasks
