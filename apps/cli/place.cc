#include "apps/cli/place.h"

#include "deploy/names.h"
#include "fleet/load.h"

namespace lamplighter::cli {

void add_place(Verb& verb, PlaceOptions& options) {
  add_state_dir(verb, options.state_dir);
  verb.flag("--cloud", options.cloud, "Of the fleet's deployment on AWS; which fleet, and how, these say:");
  add_fleet_options(verb, options.fleet);
  add_aws_options(verb, options.aws);
}

Result<run::Place> place_of(const PlaceOptions& options) {
  if (!options.cloud) return run::Place{options.state_dir, std::nullopt};
  const auto fleet = TRY(fleet::load(options.fleet.file, options.fleet.region));
  return cloud_place(fleet, options.fleet.file, options.aws);
}

run::Place cloud_place(const fleet::Fleet& fleet, const std::string& file, const run::AwsOptions& aws) {
  run::Place::Cloud cloud{file, deploy::home_region(fleet), {}, deploy::stack_name(fleet), aws};
  for (const auto action : {tasks::Action::start, tasks::Action::stop})
    cloud.machines.push_back(deployed_machine(fleet, action));
  return {"", std::move(cloud)};
}

std::string deployed_machine(const fleet::Fleet& fleet, tasks::Action action) {
  constexpr std::size_t kLongest = 80;
  return deploy::part_name(fleet, tasks::to_string(action), kLongest);
}

}  // namespace lamplighter::cli
