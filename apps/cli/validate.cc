// lamplighter validate: what a fleet file says, or every error in it.
#include <memory>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print_fleet.h"
#include "fleet/load.h"

namespace lamplighter::cli {
namespace {

Status validate(const FleetOptions& options) {
  console::print_fleet(TRY(fleet::load(options.file, options.region)));
  return {};
}

}  // namespace

void add_validate(CommandLine& line) {
  Verb verb = line.verb("validate", "Print what a fleet file says, or every error in it");
  const auto options = std::make_shared<FleetOptions>();
  add_fleet_options(verb, *options);
  verb.footer("Example:\n  lamplighter validate -f examples/lower-environments.yaml");
  verb.runs([options] { return validate(*options); });
}

}  // namespace lamplighter::cli
