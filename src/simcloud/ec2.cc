#include "simcloud/ec2.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "simcloud/ec2_filter.h"
#include "simcloud/ec2_refusal.h"
#include "simcloud/ec2_shape.h"

namespace lamplighter::simcloud {
namespace {

constexpr std::size_t kFewestResults = 5;
constexpr std::size_t kMostResults = 1000;
constexpr std::size_t kMostStatusIds = 100;
constexpr std::size_t kMostTags = 50;
constexpr std::size_t kLongestTagKey = 128;
constexpr std::size_t kLongestTagValue = 256;

using Servers = std::vector<SimulatedServer*>;

std::optional<ApiError> dry_run(const Call& call) {
  if (!call.parameters.is_true("DryRun")) return std::nullopt;
  return ApiError{412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set."};
}

bool well_formed(std::string_view id) {
  return id.size() > 2 && id.size() <= 64 && id.starts_with("i-") &&
         id.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

/// The servers that the call names, each once. Error: one is no id, or there is no such server.
tl::expected<Servers, ApiError> named_servers(World& world, const Call& call) {
  Servers servers;
  std::vector<std::string> unknown;
  for (const std::string& id : call.parameters.list("InstanceId")) {
    if (!well_formed(id)) return refuse("InvalidInstanceID.Malformed", fmt::format("Invalid id: \"{}\"", id));
    SimulatedServer* server = world.server(call.region, id);
    if (server == nullptr || world.faults.strikes(FaultKind::gone, server->name()))
      unknown.push_back(id);
    else if (std::find(servers.begin(), servers.end(), server) == servers.end())
      servers.push_back(server);
  }
  if (unknown.size() == 1) {
    return refuse("InvalidInstanceID.NotFound",
                  fmt::format("The instance ID '{}' does not exist", unknown.front()));
  }
  if (!unknown.empty()) {
    return refuse("InvalidInstanceID.NotFound",
                  fmt::format("The instance IDs '{}' do not exist", fmt::join(unknown, ", ")));
  }
  return servers;
}

/// The same, for calls that must name one at least.
tl::expected<Servers, ApiError> required_servers(World& world, const Call& call) {
  if (call.parameters.numbered("InstanceId").empty()) {
    return refuse("MissingParameter", "The request must contain the parameter InstanceId");
  }
  return named_servers(world, call);
}

struct Page {
  std::size_t begin = 0;
  std::size_t size = kMostResults;
};

tl::expected<Page, ApiError> read_page(const Call& call) {
  Page page;
  const auto offset = page_offset(call.parameters.get("NextToken"));
  if (!offset) return refuse("InvalidNextToken", "The specified NextToken is not valid");
  page.begin = *offset;
  if (!call.parameters.has("MaxResults")) return page;
  const std::string& text = call.parameters.get("MaxResults");
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), page.size);
  if (error != std::errc{} || end != text.data() + text.size() || page.size < kFewestResults ||
      page.size > kMostResults) {
    return refuse(
        "InvalidParameterValue",
        fmt::format("Value ( {} ) for parameter maxResults is invalid. Expecting a value from {} to {}.",
                    text, kFewestResults, kMostResults));
  }
  if (!call.parameters.numbered("InstanceId").empty()) {
    return refuse("InvalidParameterCombination",
                  "The parameter instancesSet cannot be used with the parameter maxResults");
  }
  return page;
}

/// Puts one page of `items` under `key`, and the token for the next one beside it.
json::object paged(std::string_view key, json::array items, const Page& page) {
  json::object answer;
  const std::size_t begin = std::min(page.begin, items.size());
  const std::size_t end = std::min(begin + page.size, items.size());
  answer[key] = json::array(items.begin() + static_cast<std::ptrdiff_t>(begin),
                            items.begin() + static_cast<std::ptrdiff_t>(end));
  if (end < items.size()) answer["nextToken"] = page_token(end);
  return answer;
}

/// The servers that a Describe call is about: those that it names, or all of its region.
tl::expected<Servers, ApiError> addressed_servers(World& world, const Call& call) {
  if (!call.parameters.numbered("InstanceId").empty()) return named_servers(world, call);
  Servers servers;
  for (SimulatedServer& server : world.servers) {
    if (server.region == call.region) servers.push_back(&server);
  }
  return servers;
}

template <class ValuesOf>
bool passes(const std::vector<Ec2Filter>& filters, ValuesOf values_of) {
  return std::all_of(filters.begin(), filters.end(),
                     [&](const Ec2Filter& filter) { return matches(filter, values_of(filter.name)); });
}

Answer describe_instances(World& world, const Call& call) {
  const auto filters = read_filters(call.parameters, is_instance_filter);
  if (!filters) return tl::unexpected(filters.error());
  const auto page = read_page(call);
  if (!page) return tl::unexpected(page.error());
  const auto servers = addressed_servers(world, call);
  if (!servers) return tl::unexpected(servers.error());
  if (const auto refused = dry_run(call)) return tl::unexpected(*refused);
  json::array reservations;
  for (const SimulatedServer* server : *servers) {
    const bool asked_for = passes(*filters, [&](const std::string& name) {
      return instance_filter_values(*server, world.account, name);
    });
    if (asked_for && !world.faults.strikes(FaultKind::missing, server->name())) {
      reservations.push_back(reservation_shape(*server, world.account));
    }
  }
  return paged("reservationSet", std::move(reservations), *page);
}

Answer describe_instance_status(World& world, const Call& call) {
  const auto filters = read_filters(call.parameters, is_status_filter);
  if (!filters) return tl::unexpected(filters.error());
  const auto page = read_page(call);
  if (!page) return tl::unexpected(page.error());
  if (call.parameters.numbered("InstanceId").size() > kMostStatusIds) {
    return refuse("InvalidParameterValue",
                  fmt::format("At most {} instance ids may be given.", kMostStatusIds));
  }
  const auto servers = addressed_servers(world, call);
  if (!servers) return tl::unexpected(servers.error());
  if (const auto refused = dry_run(call)) return tl::unexpected(*refused);
  const bool all = call.parameters.is_true("IncludeAllInstances");
  json::array statuses;
  for (const SimulatedServer* server : *servers) {
    if (!all && server->state() != ServerState::running) continue;
    if (passes(*filters,
               [&](const std::string& name) { return status_filter_values(*server, world.now, name); })) {
      statuses.push_back(status_shape(*server, world.now));
    }
  }
  return paged("instanceStatusSet", std::move(statuses), *page);
}

Fate start_fate(World& world, const SimulatedServer& server) {
  if (world.faults.strikes(FaultKind::relapse, server.name())) return Fate::relapse;
  if (world.faults.strikes(FaultKind::stuck, server.name())) return Fate::stuck;
  if (world.faults.strikes(FaultKind::impaired, server.name())) return Fate::impaired;
  if (world.faults.strikes(FaultKind::impaired_volume, server.name())) return Fate::impaired_volume;
  return Fate::well;
}

using RefusalOf = std::optional<ApiError> (*)(World&, const SimulatedServer&);

/// The servers of a call that starts or stops them. EC2 takes all of them or none: the first that it refuses
/// decides.
tl::expected<Servers, ApiError> servers_to_change(World& world, const Call& call, RefusalOf refusal) {
  auto servers = required_servers(world, call);
  if (!servers) return servers;
  for (const SimulatedServer* server : *servers) {
    if (const auto refused = denial(world, call, *server)) return tl::unexpected(*refused);
  }
  if (const auto refused = dry_run(call)) return tl::unexpected(*refused);
  for (const SimulatedServer* server : *servers) {
    if (const auto refused = refusal(world, *server)) return tl::unexpected(*refused);
  }
  return servers;
}

json::object state_change(const SimulatedServer& server, ServerState before) {
  return {{"instanceId", server.id},
          {"currentState", state_shape(server.state())},
          {"previousState", state_shape(before)}};
}

Answer start_instances(World& world, const Call& call) {
  const auto servers = servers_to_change(world, call, refusal_to_start);
  if (!servers) return tl::unexpected(servers.error());
  json::array changes;
  for (SimulatedServer* server : *servers) {
    const ServerState before = server->state();
    if (before == ServerState::stopped) server->start(world.now, start_fate(world, *server));
    changes.push_back(state_change(*server, before));
  }
  return json::object{{"instancesSet", std::move(changes)}};
}

Answer stop_instances(World& world, const Call& call) {
  const auto servers = servers_to_change(world, call, refusal_to_stop);
  if (!servers) return tl::unexpected(servers.error());
  json::array changes;
  for (SimulatedServer* server : *servers) {
    const ServerState before = server->state();
    const bool stuck =
        before == ServerState::running && world.faults.strikes(FaultKind::stuck, server->name());
    server->stop(world.now, stuck ? Fate::stuck : Fate::well, call.parameters.is_true("Force"));
    changes.push_back(state_change(*server, before));
  }
  return json::object{{"instancesSet", std::move(changes)}};
}

bool is_tag_filter(std::string_view name) {
  return name == "key" || name == "value" || name == "resource-id" || name == "resource-type";
}

Answer describe_tags(World& world, const Call& call) {
  const auto filters = read_filters(call.parameters, is_tag_filter);
  if (!filters) return tl::unexpected(filters.error());
  const auto page = read_page(call);
  if (!page) return tl::unexpected(page.error());
  json::array tags;
  for (const SimulatedServer& server : world.servers) {
    if (server.region != call.region) continue;
    for (const auto& [key, value] : server.tags) {
      const bool asked_for = passes(
          *filters,
          [&, &tag_key = key, &tag_value = value](const std::string& name) -> std::vector<std::string> {
            if (name == "key") return {tag_key};
            if (name == "value") return {tag_value};
            if (name == "resource-id") return {server.id};
            if (name == "resource-type") return {"instance"};
            return instance_filter_values(server, world.account, name);
          });
      if (asked_for)
        tags.push_back(
            {{"resourceId", server.id}, {"resourceType", "instance"}, {"key", key}, {"value", value}});
    }
  }
  return paged("tagSet", std::move(tags), *page);
}

/// The servers that CreateTags and DeleteTags name.
tl::expected<Servers, ApiError> tagged_servers(World& world, const Call& call) {
  Servers servers;
  for (const std::string& id : call.parameters.list("ResourceId")) {
    SimulatedServer* server = world.server(call.region, id);
    if (server == nullptr)
      return refuse("InvalidInstanceID.NotFound", fmt::format("The instance ID '{}' does not exist", id));
    servers.push_back(server);
  }
  if (servers.empty())
    return refuse("MissingParameter", "The request must contain the parameter resourceIdSet");
  return servers;
}

Answer create_tags(World& world, const Call& call) {
  const auto servers = tagged_servers(world, call);
  if (!servers) return tl::unexpected(servers.error());
  std::map<std::string, std::string> tags;
  for (const std::string& prefix : call.parameters.numbered("Tag")) {
    const std::string& key = call.parameters.get(prefix + ".Key");
    const std::string& value = call.parameters.get(prefix + ".Value");
    if (key.empty() || key.size() > kLongestTagKey || value.size() > kLongestTagValue) {
      return refuse("InvalidParameterValue", "Tag keys have 1 to 128, tag values up to 256 characters.");
    }
    tags[key] = value;
  }
  if (tags.empty()) return refuse("MissingParameter", "The request must contain the parameter tagSet");
  if (const auto refused = dry_run(call)) return tl::unexpected(*refused);
  for (SimulatedServer* server : *servers) {
    auto merged = tags;
    merged.insert(server->tags.begin(), server->tags.end());
    if (merged.size() > kMostTags)
      return refuse("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
    server->tags = std::move(merged);
  }
  return json::object{{"return", true}};
}

Answer delete_tags(World& world, const Call& call) {
  const auto servers = tagged_servers(world, call);
  if (!servers) return tl::unexpected(servers.error());
  if (const auto refused = dry_run(call)) return tl::unexpected(*refused);
  for (SimulatedServer* server : *servers) {
    for (const std::string& prefix : call.parameters.numbered("Tag")) {
      const auto tag = server->tags.find(call.parameters.get(prefix + ".Key"));
      const std::string value_key = prefix + ".Value";
      const bool any_value = !call.parameters.has(value_key);
      if (tag != server->tags.end() && (any_value || call.parameters.get(value_key) == tag->second))
        server->tags.erase(tag);
    }
  }
  return json::object{{"return", true}};
}

const std::map<std::string_view, Answer (*)(World&, const Call&)>& actions() {
  static const std::map<std::string_view, Answer (*)(World&, const Call&)> table{
      {"DescribeInstances", describe_instances},
      {"DescribeInstanceStatus", describe_instance_status},
      {"StartInstances", start_instances},
      {"StopInstances", stop_instances},
      {"DescribeTags", describe_tags},
      {"CreateTags", create_tags},
      {"DeleteTags", delete_tags},
  };
  return table;
}

}  // namespace

bool has_ec2_action(std::string_view action) { return actions().contains(action); }

Answer answer_ec2(World& world, const Call& call) { return actions().at(call.action)(world, call); }

}  // namespace lamplighter::simcloud
