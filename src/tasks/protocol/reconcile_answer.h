// What reconcile answers (docs/tasks.md): how far a phase is, written and read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/lease.h"
#include "tasks/protocol/membership.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

/// The code of every error about an answer.
inline constexpr std::string_view kInvalidAnswer = "InvalidAnswer";

enum class PhaseStatus { ready, waiting, failed };
std::string_view to_string(PhaseStatus status);

struct ServerAnswer {
  std::string name;
  std::string id;
  std::string initial_state;
  std::string state;
  std::string instance_status;
  std::string system_status;
  std::string reason;  ///< "" while all is well

  friend bool operator==(const ServerAnswer&, const ServerAnswer&) = default;
};

struct AlarmsAnswer {
  int disabled = 0;
  int enabled = 0;     ///< only by phases of earlier versions: now the unmute loop does it
  std::string reason;  ///< what went wrong; "" for nothing

  friend bool operator==(const AlarmsAnswer&, const AlarmsAnswer&) = default;
};

struct PhaseAnswer {
  std::string name;
  PhaseStatus status = PhaseStatus::waiting;
  std::string reason;
  std::size_t servers_ready = 0;
  std::size_t servers_total = 0;
  std::size_t changed = 0;         ///< servers that are ready and were not so at the first look
  std::optional<Time> started_at;  ///< nullopt where no look came to its end
  std::optional<Time> ended_at;
  std::string waiting_for;
  std::vector<ServerAnswer> servers;
  IdGroups reasons;  ///< of an ended phase: the servers that have one, by it
  AlarmsAnswer alarms;

  friend bool operator==(const PhaseAnswer&, const PhaseAnswer&) = default;
};

struct ReconcileAnswer {
  PhaseStatus status = PhaseStatus::waiting;
  int wait_seconds = 1;  ///< before the next look
  int passed = 0;        ///< seconds of the phase that will have passed then
  json::value memory;    ///< for the next look
  BranchLease lease{};   ///< as it is now
  PhaseAnswer phase;

  friend bool operator==(const ReconcileAnswer&, const ReconcileAnswer&) = default;
};

/// Leaves as many of `phase`'s servers, which are all, as payloads can hold: a waiting phase's answer is
/// replaced by the next, but the answers of ended phases pile up to the end of the execution, so they keep
/// within `room` bytes: all servers if they fit, else only the reasons.
void shorten(PhaseAnswer& phase, std::size_t room);

json::object to_json(const ServerAnswer& server);
json::object to_json(const PhaseAnswer& phase);
json::object to_json(const ReconcileAnswer& answer);

/// What was answered may be of another version, so that members other than `name`, `status` and `phase` may
/// be missing. Error: bad_input kInvalidAnswer that names the member, what was found and what was expected.
Result<std::vector<ServerAnswer>> read_servers(const Reader& fields);
Result<PhaseAnswer> read_phase_answer(const Reader& fields);
Result<ReconcileAnswer> read_reconcile_answer(const json::value& answer);

}  // namespace lamplighter::tasks
