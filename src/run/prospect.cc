#include "run/prospect.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "coordination/dynamodb_table.h"
#include "run/agenda.h"
#include "tasks/admission/overrides.h"
#include "tasks/admission/ruling.h"
#include "tasks/protocol/execution_name.h"
#include "tasks/refusal.h"

namespace lamplighter::run {
namespace {

using tasks::Action;
using tasks::Lease;
using tasks::OnConflict;
using tasks::Override;

constexpr Duration kSoon = std::chrono::hours{24};

/// The table by which the fleet's runs agree, as it can be reached from here, and who knows its executions.
struct Reach {
  std::unique_ptr<Desk> desk;                  ///< outlives the table; nullptr for a table of DynamoDB's
  std::unique_ptr<coordination::Table> table;  ///< nullptr where there is none, or nothing ever ran
};

Result<Reach> reach(const Overruling& where, aws::Session& session) {
  using Kind = tasks::Coordination::Kind;
  const auto& coordination = where.fleet.coordination;
  if (coordination.kind == Kind::none) return Reach{};
  if (coordination.kind == Kind::table) {
    return Reach{nullptr, std::make_unique<coordination::DynamoDbTable>(
                              session, aws::Target{coordination.region, ""}, coordination.table)};
  }
  auto desk = open_desk(where.place);
  if (!desk && desk.error().code == "NoExecutions") return Reach{};
  if (!desk) return tl::unexpected(desk.error());
  auto table = TRY((*desk)->table(coordination));
  return Reach{*std::move(desk), std::move(table)};
}

/// Whether the holder's process has died: then the lease is as good as free. Of what runs elsewhere nobody
/// here knows.
bool is_over(Desk* desk, const std::string& holder) {
  if (desk == nullptr) return false;
  const auto execution = desk->executions().describe_execution(holder);
  return !execution || execution->status != engine::ExecutionStatus::running || !desk->is_worked_at(holder);
}

/// As the claim would have it (tasks/admission/claim.cc).
void look_at(const Lease& lease, Desk* desk, OnConflict on_conflict, Action action, Prospect& prospect) {
  if (lease.generation == 0 || lease.state != tasks::LeaseState::held) return;
  if (is_over(desk, lease.holder.execution)) return;
  prospect.holder = lease.holder;
  prospect.refused = on_conflict == OnConflict::refuse;
  const bool waits = lease.holder.action == action || on_conflict == OnConflict::wait;
  prospect.held = fmt::format("{}: a {} {}", doing(lease.holder), to_string(action),
                              prospect.refused ? "would be refused (on_conflict: refuse)"
                              : waits          ? "would wait for that"
                                               : "would take it over");
}

void look_at(const std::vector<Override>& overrides, const std::string& environment, Action action, Time now,
             Prospect& prospect) {
  const Override* keep = tasks::keep_of(overrides, environment, now);
  if (keep == nullptr) return;
  const bool refused = keep->wanted != action;
  prospect.kept =
      words_of(*keep, now) +
      (refused ? fmt::format(": a {} would be refused unless --override", to_string(action)) : "");
  prospect.refused = prospect.refused || refused;
}

std::string paused_in(const std::vector<Override>& overrides, Time now) {
  const auto pause = std::find_if(overrides.rbegin(), overrides.rend(), [&](const Override& one) {
    return one.kind == Override::Kind::pause && is_in_force(one, now);
  });
  return pause == overrides.rend() ? "" : words_of(*pause, now);
}

std::optional<Prospect::Next> next_of(const Agenda& agenda, const std::string& environment) {
  const auto entries = entries_of(agenda, {environment}, agenda.now, agenda.now + kSoon, 1);
  if (entries.empty() || entries.front().upcoming.outlook != fleet::Outlook::due) return std::nullopt;
  const AgendaEntry& entry = entries.front();
  const fleet::Schedule& schedule = entry.planned->schedule;
  Prospect::Next next{schedule.name, schedule.action, *entry.upcoming.due, schedule.timezone,
                      entry.upcoming.skipped};
  const auto own = entry.overruled.find(environment);
  if (own != entry.overruled.end()) next.skipped = own->second;
  return next;
}

std::vector<std::string> meant(const fleet::Fleet& fleet, const std::vector<std::string>& chosen) {
  if (!chosen.empty()) return chosen;
  std::vector<std::string> names;
  for (const auto& environment : fleet.environments) names.push_back(environment.name);
  return names;
}

/// Leases and overrides. Errors: as Overruling's.
Status look_at_table(const Overruling& where, const Reach& reached, Action action, Time now,
                     Prospects& prospects, Agenda& agenda) {
  auto& overrides = agenda.overrides[where.fleet.name];
  overrides = TRY(tasks::Overrides(*reached.table, where.fleet.name).read());
  prospects.paused = paused_in(overrides, now);
  tasks::Leases leases(*reached.table, where.fleet.name);
  for (auto& [name, prospect] : prospects.environments) {
    const auto item = TRY(leases.read(name));
    look_at(item.lease, reached.desk.get(), where.fleet.on_conflict, action, prospect);
    look_at(overrides, name, action, now, prospect);
  }
  return {};
}

}  // namespace

Result<Prospects> prospects_of(const Overruling& where, aws::Session& session, Action action,
                               const std::vector<std::string>& chosen) {
  Prospects prospects;
  for (const auto& name : meant(where.fleet, chosen)) prospects.environments[name];
  const auto reached = reach(where, session);
  const Time now = reached && reached->desk ? reached->desk->clock().now() : SystemClock().now();
  Agenda agenda = TRY(agenda_of(where.fleet, now, now));
  Status looked;
  if (!reached) looked = tl::unexpected(reached.error());
  if (reached && reached->table) looked = look_at_table(where, *reached, action, now, prospects, agenda);
  if (!looked) prospects.unknown = tasks::describe(looked.error());
  for (auto& [name, prospect] : prospects.environments) prospect.next = next_of(agenda, name);
  return prospects;
}

void add_to(json::object& object, const Prospect& prospect) {
  object["held_by"] = nullptr;
  if (prospect.holder) {
    object["held_by"] = {{"execution", tasks::execution_name(prospect.holder->execution)},
                         {"action", to_string(prospect.holder->action)},
                         {"since", format_time(prospect.holder->started)}};
  }
  object["kept"] = prospect.kept;
  object["refused"] = prospect.refused;
  object["next"] = nullptr;
  if (prospect.next) {
    object["next"] = {{"schedule", prospect.next->schedule},
                      {"action", to_string(prospect.next->action)},
                      {"due", format_time(prospect.next->due)},
                      {"skipped", prospect.next->skipped}};
  }
}

}  // namespace lamplighter::run
