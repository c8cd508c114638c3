// lamplighter plan: a live look at what a start or stop would do; nothing is changed.
#include <algorithm>
#include <memory>

#include "apps/cli/overruling.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "console/print_plan.h"
#include "console/report_error.h"
#include "fleet/choose.h"
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
  PlaceOptions place;
  bool json = false;
};

/// A lease that is in the way is no decision of a person's: --override doesn't help.
bool is_kept_else(const run::Prospects& prospects) {
  return std::any_of(prospects.environments.begin(), prospects.environments.end(),
                     [](const auto& one) { return one.second.refused && !one.second.kept.empty(); });
}

/// What does what was looked at, also where somebody decided otherwise.
std::string command_of(const PlanVerb& options, const run::Prospects& prospects) {
  run::Command command{.verb = options.action,
                       .arguments = options.place.fleet.environments,
                       .file = options.place.fleet.file,
                       .region = options.place.fleet.region,
                       .aws = options.place.aws,
                       .state_dir = options.place.state_dir};
  if (options.place.cloud) command.arguments.emplace_back("--cloud");
  if (is_kept_else(prospects)) command.arguments.emplace_back("--override");
  return run::command_text(command, SystemHost());
}

/// 1 where a phase would fail, 3 where no phase could be looked at.
Result<int> plan(const PlanVerb& options) {
  const fleet::Fleet fleet = TRY(fleet::load(options.place.fleet.file, options.place.fleet.region));
  const auto& chosen = options.place.fleet.environments;
  CHECK_OK(fleet::choose(fleet, chosen));
  const machine::Shape shape =
      TRY(machine::read_shape(TRY(machine::compile(fleet, to_action(options.action)))));
  SystemClock clock;
  const auto access = TRY(run::CloudAccess::make(options.place.aws, clock));
  CHECK_OK(run::check_accounts(access->session(), fleet, shape.only(chosen)));
  run::Plan plan = run::preview(access->session(), clock, shape, chosen);
  const auto blind = [](const run::PlannedPhase& phase) { return !phase.preview; };
  if (std::all_of(plan.phases.begin(), plan.phases.end(), blind))
    return tl::unexpected(plan.phases.front().preview.error());
  plan.prospects =
      TRY(run::prospects_of(overruling_of(options.place, fleet), access->session(), shape.action, chosen));
  if (!plan.prospects.unknown.empty()) {
    plan.warnings.push_back("who has the environments, and what people decided, is not known: " +
                            plan.prospects.unknown);
  }
  if (options.json) {
    console::print_json(run::to_json(plan));
    for (const auto& warning : plan.warnings) console::report_trouble("warning: " + warning);
  } else {
    console::print_plan(plan, command_of(options, plan.prospects));
  }
  return plan.any_would_fail() ? run::ExitCode::aborted : run::ExitCode::success;
}

}  // namespace

void add_plan(CommandLine& line) {
  Verb verb = line.verb("plan", "Look at what a start or stop would do to each server and alarm");
  const auto options = std::make_shared<PlanVerb>();
  add_action(verb, options->action);
  add_environments(verb, options->place.fleet);
  add_overruling(verb, options->place);
  verb.flag("--json", options->json, "As a JSON array, an object a phase");
  verb.footer(
      "Examples:\n  lamplighter plan start -f fleet.yaml\n  lamplighter plan stop dev -f fleet.yaml --json");
  verb.runs([options] { return plan(*options); });
}

}  // namespace lamplighter::cli
