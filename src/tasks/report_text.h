// The report as people read it: the mail's subject and its plain text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/phase_answer.h"

namespace lamplighter::tasks {

struct ReportedPhase {
  std::string name;
  std::string status;  ///< "ready", "failed" or "not touched"
  std::string reason;
  std::vector<ServerAnswer> servers;
  std::optional<Time> started_at;
  std::optional<Time> ended_at;
};

struct ReportedEnvironment {
  std::string name;
  bool halted = false;
  std::string halted_phase;
  std::string reason;
  std::vector<ReportedPhase> phases;
};

struct Report {
  Action action = Action::start;
  std::string fleet;
  std::string execution_name;
  Time started_at{};
  Time ended_at{};
  std::vector<ReportedEnvironment> environments;
  int alarms_disabled = 0;
  int alarms_enabled = 0;
  std::vector<std::string> alarm_troubles;

  [[nodiscard]] bool aborted() const;
};

/// SNS takes 262,144 bytes.
inline constexpr std::size_t kMailBytes = 256'000;

/// "START STATUS: SUCCESS", "SHUTDOWN STATUS: ABORTED".
std::string subject_of(const Report& report);

/// What halted first, then every environment, phase and server in columns. Longer than `max_bytes`, servers
/// are left out at the end and counted.
std::string body_of(const Report& report, std::size_t max_bytes = kMailBytes);

}  // namespace lamplighter::tasks
