#include "tasks/servers.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lamplighter::tasks {
namespace {

using Instances = std::vector<aws::Instance>;

bool is_gone(const aws::Instance& instance) {
  return instance.state == "terminated" || instance.state == "shutting-down";
}

std::string ids_of(const std::vector<const aws::Instance*>& instances) {
  std::vector<std::string_view> ids(instances.size());
  std::transform(instances.begin(), instances.end(), ids.begin(),
                 [](const auto* i) { return std::string_view(i->id); });
  std::sort(ids.begin(), ids.end());
  return fmt::format("{}", fmt::join(ids, ", "));
}

/// Collects what the parts of one selector find, each server once.
class Finder {
 public:
  void take_names(const std::vector<std::string>& names, const Instances& instances) {
    std::map<std::string, std::vector<const aws::Instance*>> by_name;
    for (const auto& instance : instances) by_name[instance.name()].push_back(&instance);
    for (const auto& name : names) take_name(name, by_name[name]);
  }

  void take_ids(const std::vector<std::string>& ids, const Instances& instances) {
    std::map<std::string_view, const aws::Instance*> by_id;
    for (const auto& instance : instances) by_id[instance.id] = &instance;
    for (const auto& id : ids) {
      const auto found = by_id.find(id);
      if (found == by_id.end()) {
        miss(id, id, fmt::format("there is no server {}", id));
      } else if (is_gone(*found->second)) {
        miss(id, id, fmt::format("server {} is terminated", id));
      } else {
        add(*found->second);
      }
    }
  }

  void take_tags(const Tags& tags, Instances instances) {
    instances.erase(std::remove_if(instances.begin(), instances.end(), is_gone), instances.end());
    std::sort(instances.begin(), instances.end(), [](const auto& a, const auto& b) {
      return std::pair(a.name(), a.id) < std::pair(b.name(), b.id);
    });
    for (const auto& instance : instances) add(instance);
    if (!instances.empty()) return;
    std::vector<std::string> words;
    for (const auto& [key, value] : tags) words.push_back(fmt::format("{}={}", key, value));
    const auto text = fmt::format("{}", fmt::join(words, ", "));
    miss(text, "", fmt::format("no server has the tags {}", text));
  }

  Found found() && { return std::move(found_); }

 private:
  void take_name(const std::string& name, std::vector<const aws::Instance*>& called) {
    const auto gone =
        std::stable_partition(called.begin(), called.end(), [](const auto* i) { return !is_gone(*i); });
    const std::vector<const aws::Instance*> alive(called.begin(), gone);
    if (alive.size() == 1) {
      add(*alive.front());
    } else if (alive.size() > 1) {
      miss(name, "",
           fmt::format("{} servers are called {} ({}), expected one", alive.size(), name, ids_of(alive)));
    } else if (!called.empty()) {
      miss(name, "", fmt::format("no server is called {} ({} is terminated)", name, ids_of(called)));
    } else {
      miss(name, "", fmt::format("no server is called {}", name));
    }
  }

  void add(const aws::Instance& instance) {
    if (!known_.insert(instance.id).second) return;
    found_.servers.push_back({instance.name().empty() ? instance.id : instance.name(), instance});
  }
  void miss(std::string name, std::string id, std::string reason) {
    found_.missing.push_back({std::move(name), std::move(id), std::move(reason)});
  }

  Found found_;
  std::set<std::string> known_;
};

std::vector<std::string> distinct(std::vector<std::string> texts) {
  std::set<std::string> seen;
  texts.erase(
      std::remove_if(texts.begin(), texts.end(), [&](const auto& t) { return !seen.insert(t).second; }),
      texts.end());
  return texts;
}

}  // namespace

Result<Found> find_servers(aws::Ec2& ec2, const Selector& selector) {
  Finder finder;
  if (const auto names = distinct(selector.names); !names.empty()) {
    finder.take_names(names, TRY(ec2.describe_instances({{"tag:Name", names}})));
  }
  if (const auto ids = distinct(selector.ids); !ids.empty()) {
    // A filter, not InstanceIds: one unknown id would refuse the whole call.
    finder.take_ids(ids, TRY(ec2.describe_instances({{"instance-id", ids}})));
  }
  for (const auto& tags : selector.tags) {
    std::vector<aws::Filter> filters;
    filters.reserve(tags.size());
    for (const auto& [key, value] : tags) filters.push_back({"tag:" + key, {value}});
    finder.take_tags(tags, TRY(ec2.describe_instances(filters)));
  }
  return std::move(finder).found();
}

}  // namespace lamplighter::tasks
