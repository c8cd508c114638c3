#include "tasks/look.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace lamplighter::tasks {
namespace {

Status add_status_checks(aws::Ec2& ec2, std::vector<SeenServer>& servers) {
  std::vector<std::string> running;
  std::map<std::string, SeenServer*> by_id;
  for (auto& server : servers) {
    if (server.state() != "running") continue;
    running.push_back(server.id());
    by_id[server.id()] = &server;
  }
  if (running.empty()) return {};
  for (const auto& status : TRY(ec2.describe_instance_status(running))) {
    if (const auto entry = by_id.find(status.id); entry != by_id.end()) {
      entry->second->instance_status = status.instance_status;
      entry->second->system_status = status.system_status;
      entry->second->attached_ebs_status = status.attached_ebs_status;
    }
  }
  return {};
}

}  // namespace

Result<Look> look_at(aws::Ec2& ec2, const std::vector<std::string>& ids, Action action) {
  Look look;
  if (ids.empty()) return look;
  std::map<std::string_view, const aws::Instance*> by_id;
  const auto instances = TRY(ec2.describe_instances({{"instance-id", ids}}));
  for (const auto& instance : instances) by_id[instance.id] = &instance;
  for (const auto& id : ids) {
    const auto found = by_id.find(id);
    if (found == by_id.end()) {
      look.missing.push_back({id, id, "is gone since the run began"});
      continue;
    }
    const aws::Instance& instance = *found->second;
    std::string name = instance.name().empty() ? id : instance.name();
    if (is_gone(instance)) {
      look.missing.push_back({std::move(name), id, "was terminated since the run began"});
    } else {
      look.servers.push_back({{std::move(name), instance}, "", "", ""});
    }
  }
  std::stable_sort(look.servers.begin(), look.servers.end(),
                   [](const auto& a, const auto& b) { return a.server.name < b.server.name; });
  if (action == Action::start) CHECK_OK(add_status_checks(ec2, look.servers));
  return look;
}

}  // namespace lamplighter::tasks
