#include "tasks/protocol/phase_answer.h"

#include <map>

namespace lamplighter::tasks {
namespace {

// A waiting phase of at most this many servers lists every one…
constexpr std::size_t kListedWhileWaiting = 100;
// …a larger one, or an ended one with more than its share, this many of those with a reason.
constexpr std::size_t kReasonsWhileWaiting = 100;
constexpr std::size_t kReasonsAtTheEnd = 20;

json::object initial_states(const std::vector<ServerAnswer>& servers) {
  std::map<std::string, json::array> ids;
  for (const auto& server : servers) {
    if (!server.id.empty() && !server.initial_state.empty())
      ids[server.initial_state].emplace_back(server.id);
  }
  json::object states;
  for (auto& [state, list] : ids) states[state] = std::move(list);
  return states;
}

json::array listed(const std::vector<ServerAnswer>& servers, bool every, std::size_t max_reasons) {
  json::array list;
  for (const auto& server : servers) {
    if (every || (!server.reason.empty() && list.size() < max_reasons)) list.push_back(to_json(server));
  }
  return list;
}

}  // namespace

std::string_view to_string(PhaseStatus status) {
  switch (status) {
    case PhaseStatus::ready:
      return "ready";
    case PhaseStatus::waiting:
      return "waiting";
    case PhaseStatus::failed:
      return "failed";
  }
  return "";
}

json::object to_json(const ServerAnswer& server) {
  return {{"name", server.name},
          {"id", server.id},
          {"initial_state", server.initial_state},
          {"state", server.state},
          {"instance_status", server.instance_status},
          {"system_status", server.system_status},
          {"reason", server.reason}};
}

json::object to_json(const PhaseAnswer& phase, std::size_t servers_listed) {
  const bool waiting = phase.status == PhaseStatus::waiting;
  const bool every = phase.servers.size() <= (waiting ? kListedWhileWaiting : servers_listed);
  json::object object{
      {"name", phase.name},
      {"status", to_string(phase.status)},
      {"reason", phase.reason},
      {"servers_ready", phase.servers_ready},
      {"servers_total", phase.servers.size()},
      {"changed", phase.changed},
      {"started_at", format_time(phase.started_at)},
      {"ended_at", phase.ended_at ? format_time(*phase.ended_at) : std::string()},
      {"waiting_for", phase.waiting_for},
      {"servers", listed(phase.servers, every, waiting ? kReasonsWhileWaiting : kReasonsAtTheEnd)}};
  if (!every && !waiting) object["initial_states"] = initial_states(phase.servers);
  object["alarms"] = json::object{{"disabled", phase.alarms_disabled},
                                  {"enabled", phase.alarms_enabled},
                                  {"reason", phase.alarms_reason}};
  return object;
}

}  // namespace lamplighter::tasks
