// How far a phase is: the `phase` object of reconcile's answer (docs/tasks.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "json/json.h"

namespace lamplighter::tasks {

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
};

struct PhaseAnswer {
  std::string name;
  PhaseStatus status = PhaseStatus::waiting;
  std::string reason;
  std::size_t servers_ready = 0;
  std::size_t changed = 0;  ///< servers that are ready and were not so at the first look
  Time started_at{};
  std::optional<Time> ended_at;
  std::string waiting_for;
  std::vector<ServerAnswer> servers;  ///< all
  int alarms_disabled = 0;
  int alarms_enabled = 0;
  std::string alarms_reason;
};

json::object to_json(const ServerAnswer& server);

/// Lists servers within what payloads can hold: a waiting phase's answer is replaced by the next, but the
/// answers of ended phases pile up to the end of the execution, so they list every server only up to
/// `servers_listed`.
json::object to_json(const PhaseAnswer& phase, std::size_t servers_listed);

}  // namespace lamplighter::tasks
