// lamplighter start and stop: runs a fleet's environments up or down, on AWS or simulated.
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print_outcome.h"
#include "console/report_error.h"
#include "console/view.h"
#include "fleet/load.h"
#include "machine/compile.h"
#include "run/cloud_access.h"
#include "run/executions.h"
#include "run/outcome.h"
#include "run/preflight.h"
#include "run/run.h"

namespace lamplighter::cli {
namespace {

struct RunVerb {
  fleet::Action action = fleet::Action::start;
  FleetOptions fleet;
  run::AwsOptions aws;
  std::string simulate;  ///< "" for a real run; a speed, or "max"
  double speed = 1;
  std::uint64_t seed = 1;
  std::vector<std::string> faults;
  bool json = false;
  bool yes = false;
  std::string state_dir;
};

tl::unexpected<Error> usage(std::string message) {
  return fail(ErrorKind::bad_input, "Usage", std::move(message));
}

Result<run::SimulatedRun> simulated_options(const RunVerb& options) {
  run::SimulatedRun run;
  run.seed = options.seed;
  run.faults = options.faults;
  if (options.simulate == "max") {
    run.speed.reset();
    return run;
  }
  try {
    std::size_t read = 0;
    run.speed = std::stod(options.simulate, &read);
    if (read == options.simulate.size() && *run.speed > 0 && *run.speed <= 1e6) return run;
  } catch (const std::exception&) {  // said below
  }
  return usage(fmt::format("found --simulate={}, expected a speed such as 60, or max", options.simulate));
}

Status check(const RunVerb& options) {
  const bool simulated = !options.simulate.empty();
  if (!simulated && !options.faults.empty())
    return usage("--fault needs --simulate: AWS has no faults on request");
  if (simulated && options.speed != 1)
    return usage("--speed belongs to lamplighter simulate's --speed: with --simulate, say --simulate=SPEED");
  if (options.speed != 1 && !TRY(run::all_on_loopback(options.aws))) {
    return usage(
        "--speed is for a simulated cloud on this machine: say --endpoint-url http://127.0.0.1:PORT, or "
        "leave it out");
  }
  return {};
}

Result<run::RunOrder> make_order(const RunVerb& options) {
  run::RunOrder order;
  order.action = options.action;
  order.fleet = TRY(fleet::load(options.fleet.file, options.fleet.region));
  order.compile_options.environments = options.fleet.environments;
  order.definition = TRY(machine::compile(order.fleet, options.action, order.compile_options));
  order.shape = TRY(machine::read_shape(order.definition));
  order.execution = run::execution_name(options.action, SystemClock().now());
  return order;
}

/// A stop on a terminal asks once.
bool confirmed(const RunVerb& options, const machine::Shape& shape) {
  const bool asks = options.action == fleet::Action::stop && !options.yes && isatty(STDIN_FILENO) == 1;
  if (!asks) return true;
  std::vector<std::string> names;
  for (const machine::EnvironmentShape& environment : shape.environments) {
    names.push_back(fmt::format("{} ({})", environment.name, environment.region));
  }
  fmt::print(stderr, "Stop all servers of {}? [y/N] ", fmt::join(names, ", "));
  std::fflush(stderr);
  const int answer = std::getchar();
  return answer == 'y' || answer == 'Y';
}

Result<int> run_simulation(const RunVerb& options, const run::RunOrder& order) {
  const run::SimulatedRun simulated = TRY(simulated_options(options));
  run::Progress progress(order.shape, order.execution);
  const auto view = console::make_view(options.json);
  aws::CallCounts calls;
  const run::RunEnd end = TRY(run::run_simulated(order, simulated, progress, *view, calls));
  if (end.interrupted) {
    fmt::print(stderr,
               "lamplighter: stopped. A simulated run leaves nothing behind; --simulate=max shows its end at "
               "once.\n");
    return run::kInterrupted;
  }
  return console::print(run::outcome_of(end, progress, calls), options.json);
}

void say_how_to_resume(const RunVerb& options, const std::string& execution) {
  fmt::print(stderr,
             "lamplighter: stopped waiting; {} is on disk as far as it got. It goes on with:\n  lamplighter "
             "resume{}{}\n",
             execution, options.state_dir.empty() ? "" : " --state-dir " + options.state_dir,
             options.aws.endpoint_url.empty() ? "" : " --endpoint-url " + options.aws.endpoint_url);
}

Result<int> run_for_real(const RunVerb& options, const run::RunOrder& order) {
  SystemClock clock(options.speed);
  const auto access = TRY(run::CloudAccess::make(options.aws, clock));
  CHECK_OK(run::preflight(access->session(), order.shape));
  if (!confirmed(options, order.shape)) return usage("nothing was stopped");
  engine::Options engine_options;
  engine_options.state_dir = TRY(run::state_directory(options.state_dir));
  engine_options.region = order.shape.environments.front().region;
  const auto engine = TRY(engine::Engine::open(engine_options, clock, access->runner()));
  run::Progress progress(order.shape, order.execution);
  const auto view = console::make_view(options.json);
  const run::RunEnd end = TRY(run::run_embedded(*engine, order, progress, *view, clock));
  if (end.interrupted) {
    say_how_to_resume(options, order.execution);
    return run::kInterrupted;
  }
  return console::print(run::outcome_of(end, progress, access->session().counts()), options.json);
}

Result<int> start_or_stop(const RunVerb& options) {
  CHECK_OK(check(options));
  const run::RunOrder order = TRY(make_order(options));
  return options.simulate.empty() ? run_for_real(options, order) : run_simulation(options, order);
}

void add_run_verb(CLI::App& app, int& exit_code, fleet::Action action, const std::string& description) {
  const std::string name(fleet::to_string(action));
  auto* verb = app.add_subcommand(name, description);
  auto options = std::make_shared<RunVerb>();
  options->action = action;
  add_environments(*verb, options->fleet);
  add_fleet_options(*verb, options->fleet);
  add_aws_options(*verb, options->aws);
  verb->add_flag("--simulate{60}", options->simulate,
                 "On a simulated cloud in this process, at 60 times (--simulate=SPEED) real speed, or max");
  verb->add_option("--seed", options->seed, "With --simulate: what its durations and faults are drawn from")
      ->capture_default_str();
  verb->add_option("--fault", options->faults,
                   "With --simulate: capacity:test4, relapse:test4*2, throttle:0.1, …")
      ->allow_extra_args(false);
  verb->add_option("--speed", options->speed,
                   "For an endpoint on this machine whose time runs so much faster")
      ->check(CLI::Range(0.001, 100'000.0));
  add_state_dir(*verb, options->state_dir);
  verb->add_flag("--json", options->json, "End with one JSON object on standard output");
  verb->add_flag("-y,--yes", options->yes, "Don't ask before a stop");
  verb->footer(
      fmt::format("Examples:\n"
                  "  lamplighter {0} -f fleet.yaml\n"
                  "  lamplighter {0} dev test -f fleet.yaml --profile ops\n"
                  "  lamplighter {0} -f examples/lower-environments.yaml --simulate\n"
                  "  lamplighter {0} -f examples/lower-environments.yaml --simulate=max --fault {1} --json",
                  name, action == fleet::Action::start ? "capacity:test4" : "stuck:test4"));
  verb->callback([options, &exit_code] {
    const auto code = start_or_stop(*options);
    exit_code = code ? *code : console::report_error(code.error());
  });
}

}  // namespace

void add_start(CLI::App& app, int& exit_code) {
  add_run_verb(app, exit_code, fleet::Action::start, "Start environments, phase after phase, and report");
}

void add_stop(CLI::App& app, int& exit_code) {
  add_run_verb(app, exit_code, fleet::Action::stop, "Stop environments, phase after phase, and report");
}

}  // namespace lamplighter::cli
