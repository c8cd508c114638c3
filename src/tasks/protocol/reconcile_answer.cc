#include "tasks/protocol/reconcile_answer.h"

#include <algorithm>

#include "base/cut.h"
#include "tasks/protocol/members.h"

namespace lamplighter::tasks {
namespace {

// A waiting phase of at most this many servers lists every one, a larger one so many of those with a reason.
constexpr std::size_t kListedWhileWaiting = 100;
// What an ended phase's reason may take, however little room there is.
constexpr std::size_t kLeastReason = 280;

/// "" for a moment that has not come.
std::string text_of(const std::optional<Time>& time) { return time ? format_time(*time) : std::string(); }

Result<PhaseStatus> read_status(const Reader& fields) {
  const auto word = TRY(fields.text("status"));
  for (const auto status : {PhaseStatus::ready, PhaseStatus::waiting, PhaseStatus::failed}) {
    if (word == to_string(status)) return status;
  }
  return fields.unexpected("status", "\"ready\", \"waiting\" or \"failed\"");
}

Result<AlarmsAnswer> read_alarms(const Reader& fields) {
  AlarmsAnswer alarms;
  if (!fields.find("alarms")) return alarms;
  const auto members = TRY(fields.object("alarms"));
  alarms.disabled = static_cast<int>(TRY(members.optional_count("disabled", kMaxCount)));
  alarms.enabled = static_cast<int>(TRY(members.optional_count("enabled", kMaxCount)));
  alarms.reason = TRY(members.optional_text("reason"));
  return alarms;
}

/// The servers of an ended phase that have a reason, by it, the largest groups first, within `room` bytes.
IdGroups reasons_of(const PhaseAnswer& phase, std::size_t room) {
  IdGroups all;
  for (const auto& server : phase.servers) {
    if (!server.reason.empty() && !server.id.empty()) all[server.reason].push_back(server.id);
  }
  std::vector<IdGroups::value_type*> largest;
  for (auto& group : all) largest.push_back(&group);
  std::stable_sort(largest.begin(), largest.end(),
                   [](const auto* a, const auto* b) { return a->second.size() > b->second.size(); });
  IdGroups kept;
  for (auto* group : largest) {
    const std::size_t bytes = json_text(to_json(IdGroups{*group})).size();
    if (bytes > room) continue;
    room -= bytes;
    kept.insert(*group);
  }
  return kept;
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

void shorten(PhaseAnswer& phase, std::size_t room) {
  if (phase.status == PhaseStatus::waiting) {
    if (phase.servers.size() <= kListedWhileWaiting) return;
    std::erase_if(phase.servers, [](const auto& server) { return server.reason.empty(); });
    if (phase.servers.size() > kListedWhileWaiting) phase.servers.resize(kListedWhileWaiting);
    return;
  }
  phase.reason = cut_middle(std::move(phase.reason), std::max(kLeastReason, room / 2));
  phase.reasons = reasons_of(phase, room - std::min(room, phase.reason.size()));
  if (json_text(to_json(phase)).size() > room) phase.servers.clear();
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

json::object to_json(const PhaseAnswer& phase) {
  json::array servers;
  for (const auto& server : phase.servers) servers.push_back(to_json(server));
  json::object object{{"name", phase.name},
                      {"status", to_string(phase.status)},
                      {"reason", phase.reason},
                      {"servers_ready", phase.servers_ready},
                      {"servers_total", phase.servers_total},
                      {"changed", phase.changed},
                      {"started_at", text_of(phase.started_at)},
                      {"ended_at", text_of(phase.ended_at)},
                      {"waiting_for", phase.waiting_for},
                      {"servers", std::move(servers)}};
  if (!phase.reasons.empty()) object["reasons"] = to_json(phase.reasons);
  object["alarms"] = json::object{{"disabled", phase.alarms.disabled},
                                  {"enabled", phase.alarms.enabled},
                                  {"reason", phase.alarms.reason}};
  return object;
}

json::object to_json(const ReconcileAnswer& answer) {
  return {{"status", to_string(answer.status)},
          {"wait_seconds", answer.wait_seconds},
          {"passed", answer.passed},
          {"memory", answer.memory},
          {"lease", to_json(answer.lease)},
          {"phase", to_json(answer.phase)}};
}

Result<std::vector<ServerAnswer>> read_servers(const Reader& fields) {
  std::vector<ServerAnswer> servers;
  for (const auto& server : TRY(fields.optional_objects("servers"))) {
    ServerAnswer& read = servers.emplace_back();
    read.name = TRY(server.optional_text("name"));
    read.id = TRY(server.optional_text("id"));
    read.initial_state = TRY(server.optional_text("initial_state"));
    read.state = TRY(server.optional_text("state"));
    read.instance_status = TRY(server.optional_text("instance_status"));
    read.system_status = TRY(server.optional_text("system_status"));
    read.reason = TRY(server.optional_text("reason"));
  }
  return servers;
}

Result<PhaseAnswer> read_phase_answer(const Reader& fields) {
  PhaseAnswer phase;
  phase.name = TRY(fields.text("name"));
  phase.status = TRY(read_status(fields));
  phase.reason = TRY(fields.optional_text("reason"));
  phase.servers_ready = static_cast<std::size_t>(TRY(fields.optional_count("servers_ready", kMaxCount)));
  phase.servers_total = static_cast<std::size_t>(TRY(fields.optional_count("servers_total", kMaxCount)));
  phase.changed = static_cast<std::size_t>(TRY(fields.optional_count("changed", kMaxCount)));
  phase.started_at = TRY(fields.optional_time("started_at"));
  phase.ended_at = TRY(fields.optional_time("ended_at"));
  phase.waiting_for = TRY(fields.optional_text("waiting_for"));
  phase.servers = TRY(read_servers(fields));
  phase.reasons = TRY(read_id_groups(fields, "reasons"));
  phase.alarms = TRY(read_alarms(fields));
  return phase;
}

Result<ReconcileAnswer> read_reconcile_answer(const json::value& answer) {
  const auto fields = TRY(Reader::of(answer, "answer", kInvalidAnswer));
  ReconcileAnswer read;
  read.status = TRY(read_status(fields));
  read.wait_seconds = static_cast<int>(TRY(fields.optional_count("wait_seconds", kMaxCount)));
  read.passed = static_cast<int>(TRY(fields.optional_count("passed", kMaxCount)));
  if (const auto* memory = fields.find("memory")) read.memory = *memory;
  read.lease = TRY(read_branch_lease(fields));
  read.phase = TRY(read_phase_answer(TRY(fields.object("phase"))));
  return read;
}

}  // namespace lamplighter::tasks
