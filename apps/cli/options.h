// Options that several verbs have.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/cli/command_line.h"
#include "fleet/fleet.h"
#include "run/cloud_access.h"
#include "run/simulated_run.h"

namespace lamplighter::cli {

/// Where no other is named.
inline constexpr const char* kFleetFile = "fleet.yaml";

/// Which fleet, and which of its environments.
struct FleetOptions {
  std::string file;
  std::string region;  ///< instead of the file's own top-level region
  std::vector<std::string> environments;
};

/// "start" or "stop", as the verb's first argument.
void add_action(Verb& verb, std::string& action);
void add_fleet_options(Verb& verb, FleetOptions& options);
void add_environments(Verb& verb, FleetOptions& options);
void add_aws_options(Verb& verb, run::AwsOptions& options);
void add_state_dir(Verb& verb, std::string& state_dir);

/// --seed and --fault, for what is simulated.
void add_simulation_options(Verb& verb, run::SimulatedRun& options);

/// "start" or "stop".
tasks::Action to_action(const std::string& word);

}  // namespace lamplighter::cli
