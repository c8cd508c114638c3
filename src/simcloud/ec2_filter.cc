#include "simcloud/ec2_filter.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "simcloud/ec2_shape.h"

namespace lamplighter::simcloud {
namespace {

constexpr std::size_t kMostFilterValues = 200;
constexpr std::string_view kTagPrefix = "tag:";

using Values = std::vector<std::string>;
using Server = const SimulatedServer&;

/// What a server has for a filter that is not about tags.
const std::map<std::string_view, Values (*)(Server)>& instance_filters() {
  static const std::map<std::string_view, Values (*)(Server)> table{
      {"instance-id", [](Server server) { return Values{server.id}; }},
      {"instance-state-name", [](Server server) { return Values{std::string(to_string(server.state()))}; }},
      {"instance-state-code",
       [](Server server) { return Values{std::to_string(state_code(server.state()))}; }},
      {"availability-zone", [](Server server) { return Values{server.availability_zone}; }},
      {"private-ip-address", [](Server server) { return Values{server.private_ip}; }},
      {"private-dns-name", [](Server server) { return Values{private_dns_name(server)}; }},
      {"reservation-id", [](Server server) { return Values{server.reservation_id}; }},
      {"state-reason-code", [](Server server) { return Values{server.state_reason_code}; }},
      {"reason", [](Server server) { return Values{server.transition_reason}; }},
      {"instance-type", [](Server) { return Values{std::string(kInstanceType)}; }},
      {"image-id", [](Server) { return Values{std::string(kImageId)}; }},
      {"vpc-id", [](Server) { return Values{std::string(kVpcId)}; }},
      {"subnet-id", [](Server) { return Values{std::string(kSubnetId)}; }},
      {"architecture", [](Server) { return Values{std::string(kArchitecture)}; }},
      {"root-device-type", [](Server server) { return Values{server.root_device_type}; }},
      {"instance-lifecycle", [](Server server) { return server.is_spot ? Values{"spot"} : Values{}; }},
      {"tenancy", [](Server) { return Values{"default"}; }},
  };
  return table;
}

/// EC2's wildcards, without recursion: after a mismatch the last '*' takes one character more.
bool matches_pattern(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    const bool quoted = p + 1 < pattern.size() && pattern[p] == '\\';
    if (p < pattern.size() && !quoted && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() &&
               (quoted ? pattern[p + 1] == text[t] : pattern[p] == '?' || pattern[p] == text[t])) {
      p += quoted ? 2 : 1;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

tl::expected<std::vector<Ec2Filter>, ApiError> read_filters(const CallParameters& parameters,
                                                            bool (*known)(std::string_view name)) {
  std::vector<Ec2Filter> filters;
  std::size_t values = 0;
  for (const std::string& prefix : parameters.numbered("Filter")) {
    Ec2Filter filter{parameters.get(prefix + ".Name"), parameters.list(prefix + ".Value")};
    if (!filter.name.starts_with(kTagPrefix) && !known(filter.name)) {
      return refuse("InvalidParameterValue", fmt::format("The filter '{}' is invalid", filter.name));
    }
    values += filter.values.size();
    filters.push_back(std::move(filter));
  }
  if (values > kMostFilterValues) {
    return refuse("FilterLimitExceeded",
                  fmt::format("The maximum number of filter values specified on a single call is {}",
                              kMostFilterValues));
  }
  return filters;
}

bool matches(const Ec2Filter& filter, const std::vector<std::string>& values) {
  return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
    return std::any_of(filter.values.begin(), filter.values.end(),
                       [&](const std::string& pattern) { return matches_pattern(pattern, value); });
  });
}

bool is_instance_filter(std::string_view name) {
  return instance_filters().contains(name) || name == "tag-key" || name == "tag-value" || name == "owner-id";
}

std::vector<std::string> instance_filter_values(const SimulatedServer& server, std::string_view account,
                                                std::string_view name) {
  Values values;
  if (name.starts_with(kTagPrefix)) {
    const auto tag = server.tags.find(std::string(name.substr(kTagPrefix.size())));
    if (tag != server.tags.end()) values.push_back(tag->second);
  } else if (name == "tag-key" || name == "tag-value") {
    for (const auto& [key, value] : server.tags) values.push_back(name == "tag-key" ? key : value);
  } else if (name == "owner-id") {
    values.emplace_back(account);
  } else if (const auto filter = instance_filters().find(name); filter != instance_filters().end()) {
    values = filter->second(server);
  }
  return values;
}

bool is_status_filter(std::string_view name) {
  constexpr std::string_view kNames[] = {
      "availability-zone",          "instance-state-code",          "instance-state-name",
      "instance-status.status",     "instance-status.reachability", "system-status.status",
      "system-status.reachability", "attached-ebs-status.status",   "attached-ebs-status.reachability"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

std::vector<std::string> status_filter_values(const SimulatedServer& server, Time now,
                                              std::string_view name) {
  const std::string_view status = name.starts_with("instance-status") ? server.instance_status(now)
                                  : name.starts_with("system-status") ? server.system_status(now)
                                                                      : server.attached_ebs_status(now);
  if (name.ends_with(".status")) return {std::string(status)};
  if (name.ends_with(".reachability")) return {std::string(reachability(status))};
  return instance_filter_values(server, "", name);
}

}  // namespace lamplighter::simcloud
