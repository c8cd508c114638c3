#include "run/every_server.h"

#include <algorithm>
#include <map>
#include <string>

#include "aws/services/ec2.h"
#include "tasks/target.h"

namespace lamplighter::run {
namespace {

/// By id.
using Texts = std::map<std::string, std::string>;

Texts first_states_of(const std::vector<tasks::BranchEnd>& ends, const std::string& environment,
                      const std::string& phase) {
  Texts states;
  for (const auto& end : ends) {
    const auto members = end.members.find(phase);
    if (end.environment != environment || members == end.members.end()) continue;
    for (const auto& [state, ids] : members->second.first_states) {
      for (const auto& id : ids) states[id] = state;
    }
  }
  return states;
}

std::vector<std::string> left_out_of(const tasks::ReportedEnvironment& environment) {
  std::vector<std::string> ids;
  for (const auto& phase : environment.phases) {
    for (const auto& group : phase.left_out) ids.insert(ids.end(), group.ids.begin(), group.ids.end());
  }
  return ids;
}

Texts names_of(const std::vector<std::string>& ids, const machine::Shape& shape,
               const std::string& environment, aws::Caller* caller) {
  const auto found = std::find_if(shape.environments.begin(), shape.environments.end(),
                                  [&](const auto& one) { return one.name() == environment; });
  Texts names;
  if (caller == nullptr || ids.empty() || found == shape.environments.end()) return names;
  aws::Ec2 ec2(*caller, tasks::target_of(found->described));
  const auto instances = ec2.describe_instances({{"instance-id", ids}});
  if (!instances) return names;
  for (const auto& instance : *instances) {
    if (!instance.name().empty()) names[instance.id] = instance.name();
  }
  return names;
}

std::string text_in(const Texts& texts, const std::string& id, const std::string& otherwise) {
  const auto found = texts.find(id);
  return found == texts.end() ? otherwise : found->second;
}

void list_phase(tasks::ReportedPhase& phase, const Texts& names, const Texts& first_states) {
  for (const auto& group : phase.left_out) {
    for (const auto& id : group.ids) {
      phase.servers.push_back({text_in(names, id, id), id, text_in(first_states, id, ""), group.state,
                               group.instance_status, group.system_status, ""});
    }
  }
  phase.left_out.clear();
}

}  // namespace

bool leaves_servers_out(const std::optional<tasks::ReportAnswer>& report) {
  if (!report) return false;
  const auto& all = report->environments;
  return std::any_of(all.begin(), all.end(), [](const auto& one) { return !left_out_of(one).empty(); });
}

void list_every_server(tasks::ReportAnswer& report, const std::vector<tasks::BranchEnd>& ends,
                       const machine::Shape& shape, aws::Caller* caller) {
  for (auto& environment : report.environments) {
    const Texts names = names_of(left_out_of(environment), shape, environment.name, caller);
    for (auto& phase : environment.phases) {
      list_phase(phase, names, first_states_of(ends, environment.name, phase.name));
    }
  }
}

}  // namespace lamplighter::run
