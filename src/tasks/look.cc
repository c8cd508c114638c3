#include "tasks/look.h"

#include <map>

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

Result<Look> look_at(aws::Ec2& ec2, const Selector& selector, Action action) {
  auto found = TRY(find_servers(ec2, selector));
  Look look;
  look.missing = std::move(found.missing);
  for (auto& server : found.servers) look.servers.push_back({std::move(server), "", "", ""});
  if (action == Action::start) CHECK_OK(add_status_checks(ec2, look.servers));
  return look;
}

}  // namespace lamplighter::tasks
