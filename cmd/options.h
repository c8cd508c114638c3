// Options that several verbs have.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "base/result.h"
#include "fleet/fleet.h"

namespace lamplighter::cmd {

/// Which fleet, and which of its environments.
struct FleetOptions {
  std::string file;
  std::string region;  ///< instead of the file's own top-level region
  std::vector<std::string> environments;
};

/// How AWS, or what stands for it, is reached.
struct AwsOptions {
  std::string endpoint_url;
  std::string profile;
  std::string region;  ///< for calls that belong to no environment
};

void add_fleet_options(CLI::App& verb, FleetOptions& options);
void add_environments(CLI::App& verb, FleetOptions& options);
void add_aws_options(CLI::App& verb, AwsOptions& options);
void add_state_dir(CLI::App& verb, std::string& state_dir);

/// What was given, or $XDG_STATE_HOME/lamplighter, or ~/.local/state/lamplighter. Error: bad_input
/// "NoStateDirectory" where there is no home either.
Result<std::filesystem::path> state_directory(const std::string& given);

/// "start" or "stop".
fleet::Action to_action(const std::string& word);

}  // namespace lamplighter::cmd
