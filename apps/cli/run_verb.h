// What start, stop and retry have in common: a run of a fleet's environments, here, where the state directory
// is held, simulated, or on AWS.
#pragma once

#include "apps/cli/options.h"
#include "run/desk.h"
#include "run/run.h"

namespace lamplighter::cli {

struct RunVerb {
  FleetOptions fleet;
  run::Ways ways;
  bool cloud = false;
  bool json = false;
  bool yes = false;
  std::string retries = {};    ///< the execution whose halted environments these are
  bool wait = false;           ///< what the run does where another has an environment…
  bool refuse = false;         ///< …in place of what the fleet file says
  bool despite_keeps = false;  ///< also where somebody keeps an environment as it is
  std::string lasts{};         ///< of a start: how long, then it is stopped again
  std::string why{};           ///< of one that lasts: the reason
};

/// All but which environments, and --simulate.
void add_run_options(Verb& verb, RunVerb& options);

/// Runs the fleet's environments that are named, all where none is; gives the exit code.
Result<int> run_on(RunVerb& options, fleet::Fleet fleet, tasks::Action action);

/// Where its executions are.
run::Place place_of(const RunVerb& options, const fleet::Fleet& fleet);

}  // namespace lamplighter::cli
