// lamplighter start and stop: runs a fleet's environments up or down, on AWS or simulated.
#include <memory>

#include <fmt/format.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/confirm.h"
#include "console/print_outcome.h"
#include "console/report_error.h"
#include "console/view.h"
#include "fleet/load.h"
#include "run/run.h"

namespace lamplighter::cli {
namespace {

struct RunVerb {
  tasks::Action action = tasks::Action::start;
  FleetOptions fleet;
  run::Ways ways;
  bool json = false;
  bool yes = false;
};

Result<int> start_or_stop(RunVerb& options) {
  auto fleet = TRY(fleet::load(options.fleet.file, options.fleet.region));
  run::take_speed(options.ways, options.fleet.environments, fleet);
  const auto order =
      TRY(run::make_order(std::move(fleet), options.action, options.fleet.environments, SystemClock().now()));
  options.ways.real.trouble = console::report_trouble;
  if (options.action == tasks::Action::stop && options.ways.simulate.empty() && !options.yes) {
    CHECK_OK(console::check_can_ask());
    options.ways.real.confirmed = console::confirm_stop;
  }
  return run::run(order, options.ways, *console::make_view(options.json),
                  [&](const run::Outcome& outcome) { return console::print(outcome, options.json); });
}

void add_run_options(Verb& verb, RunVerb& options) {
  add_environments(verb, options.fleet);
  add_fleet_options(verb, options.fleet);
  add_aws_options(verb, options.ways.real.aws);
  verb.flag("--simulate{60}", options.ways.simulate,
            "On a simulated cloud in this process, at 60 times (--simulate=SPEED) real speed, or max");
  add_simulation_options(verb, options.ways.simulated);
  verb.option("--speed", options.ways.real.speed,
              "For an endpoint on this machine whose time runs so much faster")
      .between(0.001, 100'000);
  add_state_dir(verb, options.ways.real.state_dir);
  verb.flag("--json", options.json, "End with one JSON object on standard output");
  verb.flag("-y,--yes", options.yes, "Don't ask before a stop; without a terminal a stop needs it");
}

void add_run_verb(CommandLine& line, tasks::Action action, const std::string& description) {
  const std::string name(tasks::to_string(action));
  Verb verb = line.verb(name, description);
  const auto options = std::make_shared<RunVerb>();
  options->action = action;
  add_run_options(verb, *options);
  verb.footer(
      fmt::format("Examples:\n"
                  "  lamplighter {0} -f fleet.yaml\n"
                  "  lamplighter {0} dev test -f fleet.yaml --profile ops\n"
                  "  lamplighter {0} -f examples/lower-environments.yaml --simulate=max --fault {1} --json",
                  name, action == tasks::Action::start ? "capacity:test4" : "stuck:test4"));
  verb.runs([options] { return start_or_stop(*options); });
}

}  // namespace

void add_start(CommandLine& line) {
  add_run_verb(line, tasks::Action::start, "Start environments, phase after phase, and report");
}

void add_stop(CommandLine& line) {
  add_run_verb(line, tasks::Action::stop, "Stop environments, phase after phase, and report");
}

}  // namespace lamplighter::cli
