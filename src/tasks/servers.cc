#include "tasks/servers.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/nearest.h"

namespace lamplighter::tasks {
namespace {

using Instances = std::vector<aws::Instance>;

/// "i-0a1b (running, launched 2026-11-24T06:00:00.000Z), …"
std::string list(std::vector<const aws::Instance*> instances) {
  std::sort(instances.begin(), instances.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  std::vector<std::string> words;
  for (const auto* i : instances) {
    words.push_back(fmt::format("{} ({}{})", i->id, i->state,
                                i->launch_time.empty() ? "" : ", launched " + i->launch_time));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

/// Collects what the parts of one selector find, each server once.
class Finder {
 public:
  void take_names(const std::vector<std::string>& names, const Instances& instances) {
    std::map<std::string, std::vector<const aws::Instance*>> by_name;
    for (const auto& instance : instances) by_name[instance.name()].push_back(&instance);
    std::set<std::string> taken;
    for (const auto& name : names) {
      if (taken.insert(name).second) take_name(name, by_name[name]);
    }
  }

  void take_ids(const std::vector<std::string>& ids, const Instances& instances) {
    std::map<std::string_view, const aws::Instance*> by_id;
    for (const auto& instance : instances) by_id[instance.id] = &instance;
    std::set<std::string> taken;
    for (const auto& id : ids) {
      if (!taken.insert(id).second) continue;
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
           fmt::format("{} servers are called {}, expected one: {}", alive.size(), name, list(alive)));
    } else if (!called.empty()) {
      miss(name, "", fmt::format("no server is called {}: {}", name, list(called)));
    } else {
      miss(name, "", fmt::format("no server is called {}", name));
      found_.missing.back().unknown_name = true;
    }
  }

  void add(const aws::Instance& instance) {
    if (!known_.insert(instance.id).second) return;
    found_.servers.push_back({instance.name().empty() ? instance.id : instance.name(), instance});
  }
  void miss(std::string name, std::string id, std::string reason) {
    found_.missing.push_back({std::move(name), std::move(id), std::move(reason), false});
  }

  Found found_;
  std::set<std::string> known_;
};

template <class Part>
std::vector<Part> distinct(const std::vector<const Selector*>& selectors,
                           std::vector<Part> Selector::*parts) {
  std::set<Part> all;
  for (const auto* selector : selectors) all.insert((selector->*parts).begin(), (selector->*parts).end());
  return {all.begin(), all.end()};
}

/// To the names that no server has, those that are near. Only words: where they can't be had, there are none.
void suggest_names(Directory& directory, std::vector<Found>& all) {
  const auto is_unknown = [](const Missing& missing) { return missing.unknown_name; };
  const auto has_unknown = [&](const Found& found) {
    return std::any_of(found.missing.begin(), found.missing.end(), is_unknown);
  };
  if (std::none_of(all.begin(), all.end(), has_unknown)) return;
  const auto instances = directory.all();
  if (!instances) return;
  std::vector<std::string> names;
  for (const auto& instance : *instances) {
    if (!is_gone(instance) && !instance.name().empty()) names.push_back(instance.name());
  }
  for (auto& found : all) {
    for (auto& missing : found.missing) {
      if (missing.unknown_name) missing.reason += did_you_mean(missing.name, names);
    }
  }
}

}  // namespace

bool is_gone(const aws::Instance& instance) {
  return instance.state == "terminated" || instance.state == "shutting-down";
}

Result<Directory::Instances> Ec2Directory::named(const std::vector<std::string>& names) {
  return ec2_.describe_instances({{"tag:Name", names}});
}

Result<Directory::Instances> Ec2Directory::with_ids(const std::vector<std::string>& ids) {
  // A filter, not InstanceIds: one unknown id would refuse the whole call.
  return ec2_.describe_instances({{"instance-id", ids}});
}

Result<Directory::Instances> Ec2Directory::tagged(const Tags& tags) {
  std::vector<aws::Filter> filters;
  filters.reserve(tags.size());
  for (const auto& [key, value] : tags) filters.push_back({"tag:" + key, {value}});
  return ec2_.describe_instances(filters);
}

Result<Directory::Instances> Ec2Directory::all() { return ec2_.describe_instances({}); }

Result<std::vector<Found>> find_servers(Directory& directory, const std::vector<const Selector*>& selectors) {
  Instances named;
  Instances with_id;
  std::map<Tags, Instances> tagged;
  if (const auto names = distinct(selectors, &Selector::names); !names.empty()) {
    named = TRY(directory.named(names));
  }
  if (const auto ids = distinct(selectors, &Selector::ids); !ids.empty()) {
    with_id = TRY(directory.with_ids(ids));
  }
  for (const auto& tags : distinct(selectors, &Selector::tags)) tagged[tags] = TRY(directory.tagged(tags));
  std::vector<Found> all;
  for (const auto* selector : selectors) {
    Finder finder;
    finder.take_names(selector->names, named);
    finder.take_ids(selector->ids, with_id);
    for (const auto& tags : selector->tags) finder.take_tags(tags, tagged[tags]);
    all.push_back(std::move(finder).found());
  }
  suggest_names(directory, all);
  return all;
}

Result<Found> find_servers(Directory& directory, const Selector& selector) {
  return std::move(TRY(find_servers(directory, std::vector{&selector})).front());
}

}  // namespace lamplighter::tasks
