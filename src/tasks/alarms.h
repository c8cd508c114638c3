// Silencing the alarms of servers that are about to be stopped, and giving them back their voice where the
// servers run on: exactly those that Lamplighter silenced.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "tasks/alarm_desk.h"
#include "tasks/alarm_mark.h"
#include "tasks/protocol/alarm_match.h"
#include "tasks/servers.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// Which alarms are a phase's, and how they are marked.
struct AlarmScope {
  AlarmMatch match = AlarmMatch::dimension;
  AlarmMark mark{};                        ///< `since` is the moment of the look; `began` says who is later
  std::vector<std::string> known_names{};  ///< of all servers that the fleet knows
  bool again = false;                      ///< what bears our mark already is marked and disabled once more
  std::set<std::string> environments{};    ///< of this run: whose muted alarms a composite's rule may hold
};

/// What one look did about the alarms of a phase.
struct AlarmWork {
  int muted = 0;                 ///< after muting: alarms of the phase that this execution has muted so far
  int enabled = 0;               ///< after unmuting: alarms whose actions this look enabled
  bool finished = false;         ///< nothing is left
  std::optional<Error> trouble;  ///< why something is left; nullopt: it waits for its turn
  /// After muting: servers with an alarm that would still ring, each with its own alarm's reason; nullopt
  /// where the alarm waits for its turn.
  std::map<std::string, std::optional<Error>> loud;
  bool took_over = false;  ///< after muting: alarms that an earlier execution had muted bear our mark now
  std::vector<std::string> composites;  ///< after muting: "NAME (LEAF is not muted)" of those that may ring
  int wait_seconds = 1;                 ///< until the next look is of use, where something is left
};

/// Marks and disables every alarm of `servers` that is enabled, then the composite alarms over them whose
/// rules ask for nothing else than what this run has muted. Those that an earlier execution of the fleet has
/// muted are marked anew, as muted since then: a start that still waits for them goes by the marks, and
/// leaves what a later run counts on. What is disabled without a mark is a person's and stays so.
AlarmWork mute_alarms(const Context& context, AlarmDesk& desk, const std::vector<Server>& servers,
                      const AlarmScope& scope);

/// Gives back their voice to the marked alarms that belong to `servers`, which run on, and to no server of
/// `stopped`.
AlarmWork unmute_alarms(const Context& context, AlarmDesk& desk, const std::vector<Server>& servers,
                        const std::set<std::string>& stopped, const AlarmScope& scope);

}  // namespace lamplighter::tasks
