#include "simcloud/tagging.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace lamplighter::simcloud {
namespace {

constexpr std::size_t kMostArns = 20;
constexpr std::size_t kMostTags = 50;
constexpr std::size_t kMostPerPage = 100;
constexpr std::size_t kLongestTagKey = 128;
constexpr std::size_t kLongestTagValue = 256;
constexpr std::string_view kAlarmType = "cloudwatch:alarm";

/// Changes the tags of each resource that the call names. Those that are not known fail, each for itself.
template <class Change>
Answer change_each(World& world, const Call& call, Change change) {
  const auto arns = call.parameters.list("ResourceARNList.member");
  if (arns.empty() || arns.size() > kMostArns) {
    return refuse("InvalidParameterException", "ResourceARNList holds 1 to 20 ARNs.");
  }
  json::object failed;
  for (const std::string& arn : arns) {
    SimulatedAlarm* alarm = world.alarm(call.region, arn);
    if (alarm != nullptr && alarm->arn == arn) {
      change(*alarm);
    } else {
      failed[arn] = {{"StatusCode", 404},
                     {"ErrorCode", "ResourceNotFoundException"},
                     {"ErrorMessage", fmt::format("Unknown resource {}", arn)}};
    }
  }
  return json::object{{"FailedResourcesMap", std::move(failed)}};
}

Answer tag_resources(World& world, const Call& call) {
  const auto tags = call.parameters.entries("Tags");
  const bool fit = std::all_of(tags.begin(), tags.end(), [](const auto& tag) {
    return !tag.first.empty() && tag.first.size() <= kLongestTagKey && tag.second.size() <= kLongestTagValue;
  });
  if (tags.empty() || tags.size() > kMostTags || !fit) {
    return refuse("InvalidParameterException",
                  "1 to 50 tags may be given; keys have 1 to 128, values up to 256 characters.");
  }
  return change_each(world, call, [&](SimulatedAlarm& alarm) {
    for (const auto& [key, value] : tags) alarm.tags[key] = value;
  });
}

Answer untag_resources(World& world, const Call& call) {
  const auto keys = call.parameters.list("TagKeys.member");
  if (keys.empty()) return refuse("InvalidParameterException", "TagKeys holds at least one key.");
  return change_each(world, call, [&](SimulatedAlarm& alarm) {
    for (const std::string& key : keys) alarm.tags.erase(key);
  });
}

bool has_tags(const SimulatedAlarm& alarm, const CallParameters& parameters) {
  const auto filters = parameters.numbered("TagFilters.member");
  return std::all_of(filters.begin(), filters.end(), [&](const std::string& filter) {
    const auto tag = alarm.tags.find(parameters.get(filter + ".Key"));
    const auto values = parameters.list(filter + ".Values.member");
    return tag != alarm.tags.end() &&
           (values.empty() || std::find(values.begin(), values.end(), tag->second) != values.end());
  });
}

json::object mapping_of(const SimulatedAlarm& alarm) {
  json::array tags;
  for (const auto& [key, value] : alarm.tags) tags.push_back({{"Key", key}, {"Value", value}});
  return {{"ResourceARN", alarm.arn}, {"Tags", std::move(tags)}};
}

/// Without a filter it lists what is, or was, tagged.
Answer get_resources(World& world, const Call& call) {
  const auto& parameters = call.parameters;
  const auto types = parameters.list("ResourceTypeFilters.member");
  const auto begin = page_offset(parameters.get("PaginationToken"));
  if (!begin) return refuse("PaginationTokenExpiredException", "The token is not valid.");
  std::size_t size = kMostPerPage;
  if (const std::string& text = parameters.get("ResourcesPerPage"); !text.empty()) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc{} || end != text.data() + text.size() || size < 1 || size > kMostPerPage) {
      return refuse("InvalidParameterException", "ResourcesPerPage is a number from 1 to 100.");
    }
  }
  const bool alarms = types.empty() || std::any_of(types.begin(), types.end(), [](const std::string& type) {
                        return type == kAlarmType || type == "cloudwatch";
                      });
  json::array found;
  std::string token;
  std::size_t position = 0;
  for (const SimulatedAlarm& alarm : world.alarms) {
    if (!alarms || alarm.region != call.region || alarm.tags.empty() || !has_tags(alarm, parameters))
      continue;
    if (found.size() == size) {
      token = page_token(position);
      break;
    }
    if (position++ >= *begin) found.push_back(mapping_of(alarm));
  }
  return json::object{{"PaginationToken", token}, {"ResourceTagMappingList", std::move(found)}};
}

const std::map<std::string_view, Answer (*)(World&, const Call&)>& actions() {
  static const std::map<std::string_view, Answer (*)(World&, const Call&)> table{
      {"TagResources", tag_resources}, {"UntagResources", untag_resources}, {"GetResources", get_resources}};
  return table;
}

}  // namespace

bool has_tagging_action(std::string_view action) { return actions().contains(action); }

Answer answer_tagging(World& world, const Call& call) { return actions().at(call.action)(world, call); }

}  // namespace lamplighter::simcloud
