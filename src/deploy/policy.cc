#include "deploy/policy.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/arn.h"
#include "deploy/cloud_recipients.h"
#include "deploy/coordination.h"
#include "deploy/dynamic_reference.h"
#include "deploy/names.h"
#include "fleet/recipients.h"

namespace lamplighter::deploy {
namespace {

constexpr std::size_t kMaxManagedPolicy = 6144;
constexpr std::size_t kMaxPolicies = 10;
/// Bytes of values in one statement: small enough that statements pack well into managed policies.
constexpr std::size_t kMaxValues = 1750;

using fleet::Environment;
using fleet::Fleet;
using fleet::Phase;
using tasks::AlarmMatch;
using tasks::Tags;

json::array strings(const std::vector<std::string>& values) {
  json::array out;
  for (const std::string& value : values) out.emplace_back(value);
  return out;
}

/// IAM reads "${…}" in a condition's value as a variable; a tag that holds it means it literally.
std::string literal(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text.compare(i, 2, "${") == 0 ? std::string("${$}") : std::string(1, text[i]);
  }
  return out;
}

/// CloudFormation would replace "{{resolve:…}}" in a tag, so that a pattern stands for it which it leaves
/// alone:
/// "{?resolve:…}}". (No tag of a fleet holds a wildcard of its own.)
std::string_view operator_for(const std::string& tag) {
  return holds_reference(tag) ? "StringLike" : "StringEquals";
}

std::string operand_for(const std::string& tag) {
  std::string text = literal(tag);
  if (!holds_reference(tag)) return text;
  for (auto at = text.find("{{"); at != std::string::npos; at = text.find("{{", at)) text[at + 1] = '?';
  return text;
}

json::object allow(const std::string& sid, const std::vector<std::string>& actions, json::value resource,
                   json::object condition = {}) {
  json::object statement{
      {"Sid", sid}, {"Effect", "Allow"}, {"Action", strings(actions)}, {"Resource", std::move(resource)}};
  if (!condition.empty()) statement["Condition"] = std::move(condition);
  return statement;
}

/// The servers of one region, each selector once, in the fleet's order.
struct RegionServers {
  std::vector<std::string> names;
  std::vector<std::string> ids;
  std::vector<Tags> tags;
};

template <class T>
void add_once(std::vector<T>& to, const std::vector<T>& from) {
  for (const T& item : from) {
    if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
  }
}

/// Splits values into runs of at most kMaxValues bytes.
std::vector<std::vector<std::string>> runs_of(const std::vector<std::string>& values) {
  std::vector<std::vector<std::string>> runs;
  std::size_t size = kMaxValues;
  for (const std::string& value : values) {
    size += value.size() + 3;
    if (size > kMaxValues) {
      runs.emplace_back();
      size = value.size() + 3;
    }
    runs.back().push_back(value);
  }
  return runs;
}

/// Writes the statements for the environments that one principal works on.
class ServerStatements {
 public:
  ServerStatements(const Fleet& fleet, Account account, json::array& out)
      : fleet_(fleet), account_(std::move(account)), out_(out) {}

  void write(const std::vector<const Environment*>& environments) {
    std::vector<std::string> regions;
    std::map<std::string, RegionServers> servers;
    for (const Environment* environment : environments) {
      add_once(regions, {environment->region});
      for (const Phase& phase : environment->phases) {
        RegionServers& of_region = servers[environment->region];
        add_once(of_region.names, phase.servers.names);
        add_once(of_region.ids, phase.servers.ids);
        add_once(of_region.tags, phase.servers.tags);
      }
    }
    if (regions.empty()) return;
    write_looks(regions);
    for (const std::string& region : regions) write_region(region, servers[region]);
    write_alarms(regions);
  }

 private:
  /// Looking can't be limited to some servers, but to regions.
  void write_looks(const std::vector<std::string>& regions) {
    out_.push_back(allow("Look", {"ec2:DescribeInstances", "ec2:DescribeInstanceStatus"}, "*",
                         {{"StringEquals", {{"aws:RequestedRegion", strings(regions)}}}}));
  }

  void write_region(const std::string& region, const RegionServers& servers) {
    const std::string any = arn("ec2", region, "instance/*");
    std::map<std::string_view, std::vector<std::string>> names;
    for (const std::string& name : servers.names) names[operator_for(name)].push_back(operand_for(name));
    for (const auto& [test, operands] : names) {
      for (const auto& run : runs_of(operands)) {
        act("Names", region, json::string(any), {{test, {{"ec2:ResourceTag/Name", strings(run)}}}});
      }
    }
    for (const Tags& tags : servers.tags) {
      json::object condition;
      for (const auto& [key, value] : tags) {
        json::value& wanted = condition[operator_for(value)];
        if (wanted.is_null()) wanted.emplace_object();
        wanted.as_object()["ec2:ResourceTag/" + key] = operand_for(value);
      }
      act("Tags", region, json::string(any), std::move(condition));
    }
    std::vector<std::string> arns;
    for (const std::string& id : servers.ids) arns.push_back(arn("ec2", region, "instance/" + id));
    for (const auto& run : runs_of(arns)) act("Ids", region, strings(run), {});
  }

  /// Marks are tags: the tagging API sets and finds many at once, and asks for CloudWatch's permissions too.
  /// A fleet that mutes nothing still gives those alarms their voice that were muted while it did.
  void write_alarms(const std::vector<std::string>& regions) {
    const json::object there{{"StringEquals", {{"aws:RequestedRegion", strings(regions)}}}};
    std::vector<std::string> arns;
    arns.reserve(regions.size());
    for (const std::string& region : regions) arns.push_back(arn("cloudwatch", region, "alarm:*"));
    out_.push_back(allow("FindAlarms", {"cloudwatch:DescribeAlarms", "tag:GetResources"}, "*", there));
    if (fleet_.alarms == AlarmMatch::none) {
      out_.push_back(allow("UnmarkAlarms", {"tag:UntagResources"}, "*", there));
      out_.push_back(allow(
          "UnmuteAlarms",
          {"cloudwatch:EnableAlarmActions", "cloudwatch:ListTagsForResource", "cloudwatch:UntagResource"},
          strings(arns)));
      return;
    }
    out_.push_back(allow("MarkAlarms", {"tag:TagResources", "tag:UntagResources"}, "*", there));
    out_.push_back(
        allow("MuteAlarms",
              {"cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions",
               "cloudwatch:ListTagsForResource", "cloudwatch:TagResource", "cloudwatch:UntagResource"},
              strings(arns)));
  }

  void act(std::string_view by, const std::string& region, json::value resource, json::object condition) {
    const std::string base = logical_id(fmt::format("StartStop{}", by), region);
    const int number = ++sids_[base];
    out_.push_back(allow(number == 1 ? base : base + "No" + std::to_string(number),
                         {"ec2:StartInstances", "ec2:StopInstances"}, std::move(resource),
                         std::move(condition)));
  }

  [[nodiscard]] std::string arn(std::string_view service, std::string_view region,
                                std::string_view resource) const {
    return account_.arn(service, region, resource);
  }

  const Fleet& fleet_;
  Account account_;
  json::array& out_;
  std::map<std::string, int> sids_;
};

std::vector<const Environment*> environments_of(const Fleet& fleet, const std::string& role_arn) {
  std::vector<const Environment*> found;
  for (const Environment& environment : fleet.environments) {
    if (environment.role_arn == role_arn) found.push_back(&environment);
  }
  return found;
}

json::object document(json::array statements) {
  return {{"Version", "2012-10-17"}, {"Statement", std::move(statements)}};
}

/// Looks at the topic before the run, and publishes to it.
std::vector<std::string> report_actions() { return {"sns:GetTopicAttributes", "sns:Publish"}; }

/// One of them as it is, more as a list.
json::value one_or_more(json::array all) {
  return all.size() == 1 ? std::move(all.front()) : json::value(std::move(all));
}

void write_topics(const Fleet& fleet, const Account& account, json::array& out) {
  json::array arns;
  bool by_name = false;
  for (const fleet::Notify* topic : fleet::topics_of(fleet)) {
    const bool is_arn = topic->sns.starts_with("arn:");
    by_name = by_name || !is_arn;
    arns.emplace_back(is_arn ? topic->sns : account.arn("sns", topic->region, topic->sns));
  }
  if (arns.empty()) return;
  if (by_name) out.push_back(allow("FindTopic", {"sns:ListTopics"}, "*"));
  out.push_back(allow("Report", report_actions(), one_or_more(std::move(arns))));
}

/// "/lamplighter/slack" and "lamplighter" are both behind "parameter/".
std::string parameter_arn(const Account& account, const std::string& region, const std::string& name) {
  return account.arn("ssm", region, fmt::format("parameter{}{}", name.starts_with('/') ? "" : "/", name));
}

/// Exactly the parameters that webhooks name, and the buses.
void write_other_recipients(const Fleet& fleet, const Account& account, json::array& out) {
  std::vector<std::string> parameters;
  std::vector<std::string> buses;
  for (const fleet::Notify* one : cloud_recipients(fleet)) {
    if (!one->bus.empty()) {
      const bool is_arn = one->bus.starts_with("arn:");
      add_once(buses, {is_arn ? one->bus : account.arn("events", one->region, "event-bus/" + one->bus)});
    }
    if (!one->webhook) continue;
    for (const auto& secret : {one->webhook->url, one->webhook->secret}) {
      if (secret.kind == tasks::SecretSource::Kind::ssm)
        add_once(parameters, {parameter_arn(account, one->region, secret.name)});
    }
  }
  if (!parameters.empty())
    out.push_back(allow("ReadSecrets", {"ssm:GetParameter"}, one_or_more(strings(parameters))));
  if (!buses.empty()) out.push_back(allow("PutEvents", {"events:PutEvents"}, one_or_more(strings(buses))));
}

/// Only this fleet's items: a table may be several fleets'.
void write_coordination(const Fleet& fleet, const Account& account, json::array& out) {
  if (fleet.coordination.kind != tasks::Coordination::Kind::table) return;
  const std::string table =
      account.arn("dynamodb", fleet.coordination.region, "table/" + fleet.coordination.table);
  out.push_back(allow("Agree", {"dynamodb:GetItem", "dynamodb:PutItem"}, json::string(table),
                      {{"ForAllValues:StringEquals",
                        {{"dynamodb:LeadingKeys", json::array{fmt::format("lease/{}", fleet.name),
                                                              fmt::format("overrides/{}", fleet.name)}}}}}));
}

}  // namespace

std::string Account::arn(std::string_view service, std::string_view region, std::string_view resource) const {
  return Arn{partition, std::string(service), std::string(region), id, std::string(resource)}.text();
}

Account Account::of_stack() { return {"${AWS::Partition}", "${AWS::AccountId}"}; }

Account Account::of_region(const std::string& region, const std::string& id) {
  return {std::string(partition_of(region).name), id};
}

json::object function_policy(const Fleet& given, const Account& account) {
  const Fleet fleet = in_cloud(given);
  json::array statements;
  ServerStatements(fleet, account, statements).write(environments_of(fleet, ""));
  write_topics(fleet, account, statements);
  write_other_recipients(fleet, account, statements);
  write_coordination(fleet, account, statements);
  if (const auto roles = environment_roles(fleet); !roles.empty()) {
    statements.push_back(allow("AssumeRoles", {"sts:AssumeRole"}, strings(roles)));
  }
  statements.push_back(
      allow("WriteLog", {"logs:CreateLogStream", "logs:PutLogEvents"},
            json::string(account.arn("logs", home_region(fleet),
                                     fmt::format("log-group:/aws/lambda/{}:*", stack_name(fleet))))));
  return document(std::move(statements));
}

json::object role_policy(const Fleet& fleet, const std::string& role_arn) {
  // The role's own account holds the servers.
  const auto role = parse_arn(role_arn).value_or(Arn());
  json::array statements;
  ServerStatements(fleet, {role.partition, role.account}, statements).write(environments_of(fleet, role_arn));
  return document(std::move(statements));
}

std::vector<std::string> environment_roles(const Fleet& fleet) {
  std::vector<std::string> roles;
  for (const Environment& environment : fleet.environments) {
    if (!environment.role_arn.empty()) add_once(roles, {environment.role_arn});
  }
  return roles;
}

Result<std::vector<json::object>> split_policy(const json::object& policy) {
  constexpr std::size_t kFrame = 45;  // {"Version":"2012-10-17","Statement":[]}
  std::vector<json::object> parts;
  std::size_t size = kMaxManagedPolicy;
  json::array* statements = nullptr;
  for (const json::value& statement : policy.at("Statement").as_array()) {
    const std::size_t length = json_text(statement).size() + 1;
    if (size + length > kMaxManagedPolicy) {
      statements = &parts.emplace_back(document({}))["Statement"].as_array();
      size = kFrame;
    }
    statements->push_back(statement);
    size += length;
  }
  if (parts.size() <= kMaxPolicies) return parts;
  return fail(ErrorKind::bad_input, "PolicyTooLarge",
              fmt::format("the function's policy has {} characters, which takes {} managed policies; a role "
                          "can have {}: select servers by tags",
                          json_text(policy).size(), parts.size(), kMaxPolicies));
}

}  // namespace lamplighter::deploy
