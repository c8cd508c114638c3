#include "aws/services/ec2.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "aws/client/pages.h"
#include "aws/client/query.h"
#include "aws/client/xml.h"

namespace lamplighter::aws {
namespace {

constexpr std::size_t kMaxFilterValues = 200;
constexpr std::size_t kMaxStatusIds = 100;

Instance read_instance(const pugi::xml_node& item) {
  Instance instance;
  instance.id = text_at(item, "instanceId");
  instance.state = text_at(item, "instanceState/name");
  instance.state_reason_code = text_at(item, "stateReason/code");
  instance.state_reason_message = text_at(item, "stateReason/message");
  instance.transition_reason = text_at(item, "reason");
  instance.launch_time = text_at(item, "launchTime");
  instance.lifecycle = text_at(item, "instanceLifecycle");
  instance.root_device_type = text_at(item, "rootDeviceType");
  for (const auto& tag : items_at(item, "tagSet", "item")) {
    instance.tags[text_at(tag, "key")] = text_at(tag, "value");
  }
  return instance;
}

/// Filter lists that together ask for the same, each with at most 200 values: the longest filter is split.
std::vector<std::vector<Filter>> split_filters(const std::vector<Filter>& filters) {
  std::size_t total = 0;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    total += filters[i].values.size();
    if (filters[i].values.size() > filters[longest].values.size()) longest = i;
  }
  if (total <= kMaxFilterValues) return {filters};
  const auto others = total - filters[longest].values.size();
  const auto room = others < kMaxFilterValues ? kMaxFilterValues - others : 1;
  std::vector<std::vector<Filter>> out;
  for (auto& values : batches(filters[longest].values, room)) {
    out.push_back(filters);
    out.back()[longest].values = std::move(values);
  }
  return out;
}

std::size_t footprint_of(const Instance& instance) {
  return sizeof instance + footprint(instance.id) + footprint(instance.state_reason_message) +
         footprint(instance.transition_reason) + footprint(instance.launch_time) +
         footprint_of_map(instance.tags);
}

Parameters filter_parameters(const std::vector<Filter>& filters) {
  Parameters parameters;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    const auto prefix = fmt::format("Filter.{}", i + 1);
    parameters.emplace_back(prefix + ".Name", filters[i].name);
    add_list(parameters, prefix + ".Value", filters[i].values);
  }
  parameters.emplace_back("MaxResults", "1000");
  return parameters;
}

bool is_id_character(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-'; }

bool holds_id(std::string_view text, std::string_view id) {
  for (auto at = text.find(id); at != std::string_view::npos; at = text.find(id, at + 1)) {
    const auto end = at + id.size();
    if ((at == 0 || !is_id_character(text[at - 1])) && (end == text.size() || !is_id_character(text[end])))
      return true;
  }
  return false;
}

/// What to ask instead of a call that was refused since some of `ids` are gone: the rest of those that the
/// message names, or where it names none, one half after the other.
std::vector<std::vector<std::string>> without_gone(const std::vector<std::string>& ids,
                                                   std::string_view message) {
  const auto gone = ids_named_in(message, ids);
  if (gone.empty()) {
    return ids.size() < 2 ? std::vector<std::vector<std::string>>() : batches(ids, (ids.size() + 1) / 2);
  }
  std::vector<std::string> rest;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(rest),
               [&](const std::string& id) { return std::find(gone.begin(), gone.end(), id) == gone.end(); });
  return batches(rest, kMaxStatusIds);
}

Status change_state(Caller& caller, const Target& target, std::string_view action,
                    const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
  Parameters parameters;
  add_list(parameters, "InstanceId", ids);
  CHECK_OK(caller.call(target, "ec2", action, parameters));
  return {};
}

}  // namespace

std::string Instance::name() const {
  const auto tag = tags.find("Name");
  return tag == tags.end() ? "" : tag->second;
}

std::vector<std::string> ids_named_in(std::string_view message, const std::vector<std::string>& ids) {
  std::vector<std::string> named;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(named),
               [&](const std::string& id) { return holds_id(message, id); });
  return named;
}

Result<std::vector<Instance>> Ec2::describe_instances(const std::vector<Filter>& filters) {
  std::vector<Instance> instances;
  // A filter without values would match everything on some endpoints; it means "none".
  const auto is_empty = [](const Filter& filter) { return filter.values.empty(); };
  if (std::any_of(filters.begin(), filters.end(), is_empty)) return instances;
  std::set<std::string> seen;
  const auto read_page = [&](const pugi::xml_node& root) {
    std::size_t kept = 0;
    for (const auto& reservation : items_at(root, "reservationSet", "item")) {
      for (const auto& item : items_at(reservation, "instancesSet", "item")) {
        auto instance = read_instance(item);
        if (!seen.insert(instance.id).second) continue;
        kept += footprint_of(instance);
        instances.push_back(std::move(instance));
      }
    }
    return kept;
  };
  const auto next_token = [](const pugi::xml_node& root) { return text_at(root, "nextToken"); };
  Lister lister(caller_, target_, "ec2", "DescribeInstances");
  for (const auto& part : split_filters(filters)) {
    CHECK_OK(lister.list(filter_parameters(part), read_page, next_token));
  }
  return instances;
}

Result<std::vector<InstanceStatus>> Ec2::describe_instance_status(const std::vector<std::string>& ids) {
  std::vector<InstanceStatus> statuses;
  auto to_ask = batches(ids, kMaxStatusIds);
  for (std::size_t i = 0; i < to_ask.size(); ++i) {
    const auto batch = std::move(to_ask[i]);
    Parameters parameters;
    add_list(parameters, "InstanceId", batch);
    const auto answer = caller_.call(target_, "ec2", "DescribeInstanceStatus", parameters);
    if (!answer && answer.error().code == "InvalidInstanceID.NotFound") {
      for (auto& part : without_gone(batch, answer.error().message)) to_ask.push_back(std::move(part));
      continue;
    }
    const auto document = TRY(parse_xml(TRY(answer)));
    auto items = items_at(document->document_element(), "instanceStatusSet", "item");
    if (items.size() > batch.size()) items.resize(batch.size());
    for (const auto& item : items) {
      statuses.push_back({text_at(item, "instanceId"), text_at(item, "instanceStatus/status"),
                          text_at(item, "systemStatus/status"), text_at(item, "attachedEbsStatus/status")});
    }
  }
  return statuses;
}

Status Ec2::start_instances(const std::vector<std::string>& ids) {
  return change_state(caller_, target_, "StartInstances", ids);
}

Status Ec2::stop_instances(const std::vector<std::string>& ids) {
  return change_state(caller_, target_, "StopInstances", ids);
}

}  // namespace lamplighter::aws
