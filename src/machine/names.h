// The names of a machine's states, in an operator's words. Internal to machine/.
#pragma once

#include <string>

#include "fleet/fleet.h"

namespace lamplighter::machine {

/// The longest name that Step Functions takes.
inline constexpr std::size_t kMaxStateName = 80;

/// `name` itself, or, where it is too long, its beginning and a hash of the whole.
std::string shorten(const std::string& name);

/// What stands outside of the branches.
struct MachineNames {
  explicit MachineNames(tasks::Action action);
  std::string all;               ///< "Start all environments"
  std::string did_all;           ///< "Did all environments start?"
  std::string report_success;    ///< "Report success"
  std::string report_aborted;    ///< "Report aborted start"
  std::string succeeded;         ///< "All environments started"
  std::string aborted;           ///< "Start aborted"
  std::string not_sent;          ///< "Report not sent"
  std::string aborted_not_sent;  ///< "Start aborted, report not sent"
};

/// The states of one phase of one environment.
struct PhaseNames {
  PhaseNames(tasks::Action action, const std::string& environment, const std::string& phase);
  std::string task;    ///< "Start dev db servers"
  std::string did;     ///< "Did dev db servers start?"
  std::string wait;    ///< "Wait for dev db servers"
  std::string settle;  ///< "Let dev db servers settle"
  std::string halt;    ///< "Halt dev: db"
};

/// "dev has started": the end of an environment in which all went well.
std::string finished_name(tasks::Action action, const std::string& environment);

}  // namespace lamplighter::machine
