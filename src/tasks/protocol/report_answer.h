// What report answers (docs/tasks.md): what became of a run, written and read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/action.h"
#include "tasks/protocol/lease.h"
#include "tasks/protocol/reconcile_answer.h"

namespace lamplighter::tasks {

enum class PhaseEnd { ready, failed, not_touched };
/// "ready", "failed", "not touched".
std::string_view to_string(PhaseEnd end);

/// Servers that the answer has no room to list: their ids, by what else it would say of them.
struct LeftOut {
  std::string state;
  std::string instance_status;
  std::string system_status;
  std::vector<std::string> ids;

  friend bool operator==(const LeftOut&, const LeftOut&) = default;
};

struct ReportedPhase {
  std::string name;
  PhaseEnd status = PhaseEnd::not_touched;
  std::string reason;
  std::optional<Time>
      started_at;  ///< these two are for the mail: equal runs answer equally, whenever they ran
  std::optional<Time> ended_at;
  std::size_t servers_total = 0;
  std::size_t servers_ready = 0;      ///< in the wanted state
  std::vector<ServerAnswer> servers;  ///< as many as the answer has room for
  std::vector<LeftOut> left_out;      ///< the others
  std::vector<std::string> notes;     ///< of servers that are not the run's: left alone, or come later

  friend bool operator==(const ReportedPhase&, const ReportedPhase&) = default;
};

struct ReportedEnvironment {
  std::string name;
  bool halted = false;
  std::string phase;                  ///< the one that halted it
  std::string reason;                 ///< why it halted, or was skipped
  std::vector<ReportedPhase> phases;  ///< all; none of one that was skipped
  bool skipped = false;               ///< a calendar or a person decided so

  friend bool operator==(const ReportedEnvironment&, const ReportedEnvironment&) = default;
};

/// Of all environments: sums of what int holds.
struct ReportedAlarms {
  std::int64_t disabled = 0;
  std::int64_t enabled = 0;           ///< by phases: what a machine without the unmute loop did
  std::int64_t follow = 0;            ///< muted still; the unmute loop gives them their voice…
  std::optional<Time> follow_by;      ///< …at the latest then; nullopt: at once
  std::vector<std::string> troubles;  ///< the alarms' reasons, by environment and phase

  friend bool operator==(const ReportedAlarms&, const ReportedAlarms&) = default;
};

struct ReportAnswer {
  Action action = Action::start;
  std::string subject;
  std::string body;
  std::vector<ReportedEnvironment> environments;
  ReportedAlarms alarms;
  std::vector<std::string> warnings;   ///< what was wrong before the first change
  Generations leases{};                ///< that the run holds until the last alarm has its voice
  std::vector<std::string> unmutes{};  ///< the environments to whose alarms the run sees after it
  Time started_at{};
  Time ended_at{};

  /// Whether an environment halted.
  [[nodiscard]] bool aborted() const;
  /// Whether every environment was skipped: nothing was done, and nobody is sent a mail.
  [[nodiscard]] bool skipped() const;
  /// "SUCCEEDED" or "ABORTED".
  [[nodiscard]] std::string_view status() const { return aborted() ? "ABORTED" : "SUCCEEDED"; }

  friend bool operator==(const ReportAnswer&, const ReportAnswer&) = default;
};

/// "START STATUS: SUCCESS - lower-environments", "SHUTDOWN STATUS: ABORTED - …", "… SUCCESS, SKIPPED - …": as
/// SNS takes it, and with room for a mark that it may be a repeat.
std::string subject_of(Action action, bool aborted, std::string_view fleet, bool skipped = false);

json::array to_json(const std::vector<ReportedEnvironment>& environments);
json::object to_json(const ReportAnswer& answer);

/// Error: bad_input kInvalidAnswer that names the member, what was found and what was expected.
Result<ReportAnswer> read_report_answer(const json::value& answer);

}  // namespace lamplighter::tasks
