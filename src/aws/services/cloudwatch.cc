#include "aws/services/cloudwatch.h"

#include <fmt/format.h>

#include "aws/client/pages.h"
#include "aws/client/query.h"
#include "aws/client/xml.h"

namespace lamplighter::aws {
namespace {

constexpr std::size_t kMaxNames = 100;

void read_dimensions(const pugi::xml_node& owner, std::multimap<std::string, std::string>& dimensions) {
  for (const auto& dimension : items_at(owner, "Dimensions", "member")) {
    dimensions.emplace(text_at(dimension, "Name"), text_at(dimension, "Value"));
  }
}

Alarm read_alarm(const pugi::xml_node& member) {
  Alarm alarm;
  alarm.name = text_at(member, "AlarmName");
  alarm.arn = text_at(member, "AlarmArn");
  alarm.actions_enabled = text_at(member, "ActionsEnabled") == "true";
  alarm.state = text_at(member, "StateValue");
  alarm.rule = text_at(member, "AlarmRule");
  read_dimensions(member, alarm.dimensions);
  for (const auto& metric : items_at(member, "Metrics", "member")) {
    read_dimensions(metric.first_element_by_path("MetricStat/Metric"), alarm.dimensions);
  }
  return alarm;
}

std::size_t footprint_of(const Alarm& alarm) {
  return sizeof alarm + footprint(alarm.name) + footprint(alarm.arn) + footprint(alarm.rule) +
         footprint_of_map(alarm.dimensions);
}

Status for_each_batch(Caller& caller, const Target& target, std::string_view action,
                      const std::vector<std::string>& names) {
  for (const auto& batch : batches(names, kMaxNames)) {
    Parameters parameters;
    add_list(parameters, "AlarmNames.member", batch);
    CHECK_OK(caller.call(target, "cloudwatch", action, parameters));
  }
  return {};
}

}  // namespace

Status CloudWatch::list_alarms(AlarmListing& listing) {
  if (listing.complete) return {};
  const auto read_page = [&](const pugi::xml_node& root) {
    std::size_t kept = 0;
    for (const char* kind : {"DescribeAlarmsResult/MetricAlarms", "DescribeAlarmsResult/CompositeAlarms"}) {
      for (const auto& member : items_at(root, kind, "member")) {
        listing.alarms.push_back(read_alarm(member));
        kept += footprint_of(listing.alarms.back());
      }
    }
    return kept;
  };
  const auto next_token = [](const pugi::xml_node& root) {
    return text_at(root, "DescribeAlarmsResult/NextToken");
  };
  // Without types CloudWatch gives metric alarms alone.
  const Parameters parameters{{"AlarmTypes.member.1", "MetricAlarm"},
                              {"AlarmTypes.member.2", "CompositeAlarm"},
                              {"MaxRecords", "100"}};
  Lister lister(caller_, target_, "cloudwatch", "DescribeAlarms");
  CHECK_OK(lister.go_on(listing.pages, parameters, read_page, next_token));
  listing.complete = true;
  return {};
}

Result<std::vector<Alarm>> CloudWatch::describe_alarms() {
  AlarmListing listing;
  CHECK_OK(list_alarms(listing));
  return std::move(listing.alarms);
}

Status CloudWatch::disable_alarm_actions(const std::vector<std::string>& names) {
  return for_each_batch(caller_, target_, "DisableAlarmActions", names);
}

Status CloudWatch::enable_alarm_actions(const std::vector<std::string>& names) {
  return for_each_batch(caller_, target_, "EnableAlarmActions", names);
}

Result<std::map<std::string, std::string>> CloudWatch::list_tags(const std::string& alarm_arn) {
  const auto document = TRY(parse_xml(
      TRY(caller_.call(target_, "cloudwatch", "ListTagsForResource", {{"ResourceARN", alarm_arn}}))));
  std::map<std::string, std::string> tags;
  for (const auto& tag : items_at(document->document_element(), "ListTagsForResourceResult/Tags", "member")) {
    tags[text_at(tag, "Key")] = text_at(tag, "Value");
  }
  return tags;
}

Status CloudWatch::tag(const std::string& alarm_arn, const std::map<std::string, std::string>& tags) {
  Parameters parameters{{"ResourceARN", alarm_arn}};
  int index = 0;
  for (const auto& [key, value] : tags) {
    const auto prefix = fmt::format("Tags.member.{}", ++index);
    parameters.emplace_back(prefix + ".Key", key);
    parameters.emplace_back(prefix + ".Value", value);
  }
  CHECK_OK(caller_.call(target_, "cloudwatch", "TagResource", parameters));
  return {};
}

Status CloudWatch::untag(const std::string& alarm_arn, const std::vector<std::string>& keys) {
  Parameters parameters{{"ResourceARN", alarm_arn}};
  add_list(parameters, "TagKeys.member", keys);
  CHECK_OK(caller_.call(target_, "cloudwatch", "UntagResource", parameters));
  return {};
}

}  // namespace lamplighter::aws
