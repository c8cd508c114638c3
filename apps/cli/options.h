// Options that several verbs have.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "base/result.h"
#include "fleet/fleet.h"
#include "run/cloud_access.h"

namespace lamplighter::cli {

/// Which fleet, and which of its environments.
struct FleetOptions {
  std::string file;
  std::string region;  ///< instead of the file's own top-level region
  std::vector<std::string> environments;
};

void add_fleet_options(CLI::App& verb, FleetOptions& options);
void add_environments(CLI::App& verb, FleetOptions& options);
void add_aws_options(CLI::App& verb, run::AwsOptions& options);
void add_state_dir(CLI::App& verb, std::string& state_dir);

/// "start" or "stop".
fleet::Action to_action(const std::string& word);

}  // namespace lamplighter::cli
