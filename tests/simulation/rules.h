// What must hold in every run, whatever goes wrong in one environment.
#pragma once

#include <string>
#include <vector>

#include "fleet/fleet.h"
#include "tests/simulation/watched_run.h"

namespace lamplighter::proof {

struct Case {
  const fleet::Fleet& fleet;
  const Plan& plan;
  std::string faulty;      ///< the environment with the faults
  const WatchedRun& run;   ///< with faults
  const WatchedRun& calm;  ///< the same seed without
};

/// Every rule that is broken, in a sentence; empty where all hold.
std::vector<std::string> broken_rules(const Case& given);

}  // namespace lamplighter::proof
