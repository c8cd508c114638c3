// A look at what a phase's reconcile would do, changing nothing: `lamplighter plan start|stop`.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "json/json.h"
#include "tasks/reconcile.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

struct PreviewedServer {
  std::string name;
  std::string id;
  std::string state;
  std::string instance_status;  ///< for a start only
  std::string system_status;
  Step step = Step::none;  ///< as reconcile would decide now
  std::string words;       ///< "start", "leave running", "wait: stopping, to be started then"
};

/// A server that another service manages.
struct LeftAlone {
  std::string name;
  std::string id;
  std::string reason;
};

enum class AlarmChange { none, disable, enable };

struct PreviewedAlarm {
  std::string name;
  std::vector<std::string> servers;  ///< names
  AlarmChange change = AlarmChange::none;
  std::string words;  ///< "disable", "leave disabled (not by Lamplighter)"
};

struct PhasePreview {
  std::string environment;
  std::string phase;
  std::vector<PreviewedServer> servers;
  std::vector<Missing> missing;  ///< for these the environment would be halted
  std::vector<LeftAlone> left_alone;
  std::vector<PreviewedAlarm> alarms;
  std::string alarms_reason;  ///< why alarms could not be looked at; "" where they could
};

/// A phase of an environment, as its machine has it.
struct PreviewPayload {
  Action action = Action::start;
  AlarmMatch alarms = AlarmMatch::dimension;
  const DescribedEnvironment& environment;
  const DescribedPhase& phase;
  std::vector<std::string> known_names{};  ///< of other servers of the fleet
};

/// Error: as run_task.
Result<PhasePreview> preview_phase(const Context& context, const PreviewPayload& task);

json::object to_json(const PhasePreview& preview);

}  // namespace lamplighter::tasks
