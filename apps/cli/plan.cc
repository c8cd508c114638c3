// lamplighter plan: a live look at what a start or stop would do; nothing is changed.
#include <algorithm>
#include <memory>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "console/print_plan.h"
#include "fleet/load.h"
#include "machine/compile.h"
#include "run/accounts.h"
#include "run/cloud_access.h"
#include "run/command.h"
#include "run/exit_code.h"
#include "run/preview.h"

namespace lamplighter::cli {
namespace {

struct PlanVerb {
  std::string action;
  FleetOptions fleet;
  run::AwsOptions aws;
  bool json = false;
};

Result<machine::Shape> shape_of(const PlanVerb& options, const fleet::Fleet& fleet) {
  machine::CompileOptions compile_options;
  compile_options.environments = options.fleet.environments;
  return machine::read_shape(TRY(machine::compile(fleet, to_action(options.action), compile_options)));
}

/// What does what was looked at.
std::string command_of(const PlanVerb& options) {
  const run::Command command{.verb = options.action,
                             .arguments = options.fleet.environments,
                             .file = options.fleet.file,
                             .region = options.fleet.region,
                             .aws = options.aws};
  return run::command_text(command, SystemHost());
}

/// 1 where a phase would fail, 3 where no phase could be looked at.
Result<int> plan(const PlanVerb& options) {
  const fleet::Fleet fleet = TRY(fleet::load(options.fleet.file, options.fleet.region));
  const machine::Shape shape = TRY(shape_of(options, fleet));
  SystemClock clock;
  const auto access = TRY(run::CloudAccess::make(options.aws, clock));
  CHECK_OK(run::check_accounts(access->session(), fleet, shape));
  const auto phases = run::preview(access->session(), clock, shape);
  const auto blind = [](const run::PlannedPhase& phase) { return !phase.preview; };
  if (std::all_of(phases.begin(), phases.end(), blind)) return tl::unexpected(phases.front().preview.error());
  if (options.json) {
    console::print_json(run::to_json(phases));
  } else {
    console::print_plan(phases, command_of(options));
  }
  return run::any_would_fail(phases) ? run::ExitCode::aborted : run::ExitCode::success;
}

}  // namespace

void add_plan(CommandLine& line) {
  Verb verb = line.verb("plan", "Look at what a start or stop would do to each server and alarm");
  const auto options = std::make_shared<PlanVerb>();
  add_action(verb, options->action);
  add_environments(verb, options->fleet);
  add_fleet_options(verb, options->fleet);
  add_aws_options(verb, options->aws);
  verb.flag("--json", options->json, "As a JSON array, an object a phase");
  verb.footer(
      "Examples:\n  lamplighter plan start -f fleet.yaml\n  lamplighter plan stop dev -f fleet.yaml --json");
  verb.runs([options] { return plan(*options); });
}

}  // namespace lamplighter::cli
