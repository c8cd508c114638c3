// Where executions are: the options of the verbs that look at them.
#pragma once

#include "apps/cli/options.h"
#include "run/desk.h"

namespace lamplighter::cli {

struct PlaceOptions {
  std::string state_dir;
  bool cloud = false;
  FleetOptions fleet;  ///< with cloud
  run::AwsOptions aws;
};

/// --state-dir, and --cloud with the fleet file and the way to AWS.
void add_place(Verb& verb, PlaceOptions& options);

/// Error: with --cloud as fleet::load.
Result<run::Place> place_of(const PlaceOptions& options);

/// The fleet's deployment.
run::Place cloud_place(const fleet::Fleet& fleet, const std::string& file, const run::AwsOptions& aws);

/// The name of the fleet's deployed machine for an action.
std::string deployed_machine(const fleet::Fleet& fleet, tasks::Action action);

}  // namespace lamplighter::cli
