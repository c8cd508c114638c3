#include "apps/cli/overruling.h"

#include "deploy/coordination.h"
#include "fleet/load.h"

namespace lamplighter::cli {

void add_overruling(Verb& verb, PlaceOptions& options) {
  add_fleet_options(verb, options.fleet);
  add_state_dir(verb, options.state_dir);
  verb.flag("--cloud", options.cloud, "Of the fleet's deployment on AWS");
  add_aws_options(verb, options.aws);
}

void add_why(Verb& verb, std::string& why) {
  verb.option("--why", why, "The reason, which whoever is overruled reads");
}

run::Overruling overruling_of(const PlaceOptions& options, fleet::Fleet fleet) {
  const std::string& file = options.fleet.file;
  if (!options.cloud) return run::Overruling{{options.state_dir, std::nullopt}, std::move(fleet), file};
  auto place = cloud_place(fleet, file, options.aws);
  return run::Overruling{std::move(place), deploy::in_cloud(std::move(fleet)), file};
}

Result<run::Overruling> overruling_of(const PlaceOptions& options) {
  return overruling_of(options, TRY(fleet::load(options.fleet.file, options.fleet.region)));
}

}  // namespace lamplighter::cli
