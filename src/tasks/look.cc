#include "tasks/look.h"

#include <algorithm>

#include "tasks/lookout.h"

namespace lamplighter::tasks {
namespace {

Status add_status_checks(Lookout& lookout, const aws::Target& target, std::vector<SeenServer>& servers) {
  std::vector<std::string> running;
  for (const auto& server : servers) {
    if (server.state() == "running") running.push_back(server.id());
  }
  if (running.empty()) return {};
  const auto statuses = TRY(lookout.statuses(target, running));
  for (auto& server : servers) {
    const auto status = statuses.find(server.id());
    if (status == statuses.end()) continue;
    server.instance_status = status->second.instance_status;
    server.system_status = status->second.system_status;
    server.attached_ebs_status = status->second.attached_ebs_status;
  }
  return {};
}

Result<Look> look_from(Lookout& lookout, const aws::Target& target, const std::vector<std::string>& ids,
                       Action action) {
  Look look;
  if (ids.empty()) return look;
  const auto instances = TRY(lookout.instances(target, ids));
  for (const auto& id : ids) {
    const auto found = instances.find(id);
    if (found == instances.end()) {
      look.missing.push_back({id, id, "is gone since the run began"});
      continue;
    }
    const aws::Instance& instance = found->second;
    std::string name = instance.name().empty() ? id : instance.name();
    if (is_gone(instance)) {
      look.missing.push_back({std::move(name), id, "was terminated since the run began"});
    } else {
      look.servers.push_back({{std::move(name), instance}, "", "", ""});
    }
  }
  std::stable_sort(look.servers.begin(), look.servers.end(),
                   [](const auto& a, const auto& b) { return a.server.name < b.server.name; });
  if (action == Action::start) CHECK_OK(add_status_checks(lookout, target, look.servers));
  return look;
}

}  // namespace

Result<Look> look_at(const Context& context, const aws::Target& target, const std::vector<std::string>& ids,
                     Action action) {
  std::optional<Lookout> own;
  return look_from(*with_lookout(context, own).lookout, target, ids, action);
}

}  // namespace lamplighter::tasks
