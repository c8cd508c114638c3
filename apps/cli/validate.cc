// lamplighter validate: what a fleet file says, or every error in it.
#include <memory>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "console/print_fleet.h"
#include "fleet/check_schedules.h"
#include "fleet/load.h"
#include "machine/compile.h"

namespace lamplighter::cli {
namespace {

Status validate(const FleetOptions& options) {
  const fleet::Fleet fleet = TRY(fleet::load(options.file, options.region));
  for (const auto action : {tasks::Action::start, tasks::Action::stop})
    CHECK_OK(machine::compile(fleet, action));
  const Time now = SystemClock().now();
  console::print_fleet(fleet, now);
  for (const std::string& warning : fleet::check_schedules(fleet, now)) {
    console::print_line(stderr, "warning: {}", warning);
  }
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
