// The names of a machine's states, in an operator's words. Internal to machine/.
#pragma once

#include <string>
#include <string_view>

#include "fleet/fleet.h"

namespace lamplighter::machine {

/// The longest name that Step Functions takes.
inline constexpr std::size_t kMaxStateName = 80;

/// What every state that tells somebody is called, or its name begins with.
inline constexpr std::string_view kNotifyState = "Notify";

/// `name` itself, or, where it is too long, its beginning and a hash of the whole.
std::string shorten(const std::string& name);

/// What stands outside of the branches.
struct MachineNames {
  explicit MachineNames(tasks::Action action);
  std::string fleet;        ///< "Fleet"
  std::string survey;       ///< "Survey the fleet"
  std::string all;          ///< "Start all environments"
  std::string report;       ///< "Report"
  std::string aside;        ///< "Put the report aside"
  std::string unmute;       ///< "Unmute alarms"
  std::string all_heard;    ///< "Are all alarms heard?"
  std::string wait_unmute;  ///< "Wait to unmute alarms"
  std::string did_all;      ///< "Did all environments start?"
  std::string succeeded;    ///< "All environments started"
  std::string still_muted;  ///< "Alarms are still muted"
  std::string aborted;      ///< "Start aborted"
  std::string no_report;    ///< "Report failed"
};

/// The states of one environment beside its phases'.
struct BranchNames {
  BranchNames(tasks::Action action, const std::string& environment);
  std::string is_chosen;      ///< "Is dev to start?"
  std::string admit;          ///< "Admit dev"
  std::string is_admitted;    ///< "May dev start?"
  std::string wait_to_admit;  ///< "Wait to admit dev"
  std::string halt;           ///< "Halt dev"
  std::string finished;       ///< "dev has started"
  std::string skipped;        ///< "dev is skipped"
};

/// The states of one phase of one environment.
struct PhaseNames {
  PhaseNames(tasks::Action action, const std::string& environment, const std::string& phase);
  std::string task;    ///< "Start dev db servers"
  std::string did;     ///< "Did dev db servers start?"
  std::string wait;    ///< "Wait for dev db servers"
  std::string settle;  ///< "Let dev db servers settle"
};

}  // namespace lamplighter::machine
