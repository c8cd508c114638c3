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
#include "run/real_run.h"
#include "run/simulated_run.h"

namespace lamplighter::cli {
namespace {

struct RunVerb {
  tasks::Action action = tasks::Action::start;
  FleetOptions fleet;
  std::string simulate;  ///< "" for a real run; a speed, or "max"
  run::SimulatedRun simulated;
  run::RealRun real;
  bool json = false;
  bool yes = false;
};

Status check(const RunVerb& options) {
  if (options.simulate.empty() && !options.simulated.faults.empty())
    return fail(ErrorKind::bad_input, "Usage", "--fault needs --simulate: AWS has no faults on request");
  if (!options.simulate.empty() && options.real.speed != 1)
    return fail(ErrorKind::bad_input, "Usage",
                "--speed belongs to lamplighter simulate's --speed: with --simulate, say --simulate=SPEED");
  return {};
}

Result<int> start_or_stop(RunVerb& options) {
  CHECK_OK(check(options));
  fleet::Fleet fleet = TRY(fleet::load(options.fleet.file, options.fleet.region));
  const auto order =
      TRY(run::make_order(std::move(fleet), options.action, options.fleet.environments, SystemClock().now()));
  const auto view = console::make_view(options.json);
  const auto report = [&](const run::Outcome& outcome) { return console::print(outcome, options.json); };
  if (!options.simulate.empty()) {
    options.simulated.speed = TRY(run::parse_speed(options.simulate));
    return report(TRY(run::run_simulated(order, options.simulated, *view)));
  }
  options.real.trouble = console::report_trouble;
  options.real.confirmed = [&](const machine::Shape& shape) {
    return options.yes || console::confirm(shape);
  };
  return run::run_for_real(order, options.real, *view, report);
}

void add_run_options(Verb& verb, RunVerb& options) {
  add_environments(verb, options.fleet);
  add_fleet_options(verb, options.fleet);
  add_aws_options(verb, options.real.aws);
  verb.flag("--simulate{60}", options.simulate,
            "On a simulated cloud in this process, at 60 times (--simulate=SPEED) real speed, or max");
  add_simulation_options(verb, options.simulated);
  verb.option("--speed", options.real.speed, "For an endpoint on this machine whose time runs so much faster")
      .between(0.001, 100'000);
  add_state_dir(verb, options.real.state_dir);
  verb.flag("--json", options.json, "End with one JSON object on standard output");
  verb.flag("-y,--yes", options.yes, "Don't ask before a stop");
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
                  "  lamplighter {0} -f examples/lower-environments.yaml --simulate\n"
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
