// lamplighter start and stop: runs a fleet's environments up or down, on AWS or simulated.
#include <memory>

#include <fmt/format.h>

#include "apps/cli/overruling.h"
#include "apps/cli/run_verb.h"
#include "apps/cli/verbs.h"
#include "console/print_overrides.h"
#include "fleet/load.h"

namespace lamplighter::cli {
namespace {

/// Keeps the environments so for so long; at the end the opposite is done.
Result<int> run_for(RunVerb& options, fleet::Fleet fleet, tasks::Action action) {
  if (!options.ways.simulate.empty())
    return fail(ErrorKind::bad_input, "Usage", "--for needs a daemon or --cloud, and --simulate has neither");
  run::Wish wish{.environments = options.fleet.environments,
                 .wanted = action,
                 .until = {true, options.lasts},
                 .why = options.why,
                 .undone = true,
                 .despite_keeps = options.despite_keeps};
  for (const auto& environment : fleet.environments) {
    if (options.fleet.environments.empty()) wish.environments.push_back(environment.name);
  }
  const PlaceOptions place{options.ways.real.state_dir, options.cloud, options.fleet, options.ways.real.aws};
  const auto where = overruling_of(place, fleet);
  const auto kept = TRY(run::overrule(where, wish));
  console::print_made(kept, options.json ? stderr : stdout);
  auto code = run_on(options, std::move(fleet), action);
  const bool nothing_done = !code && code.error().kind == ErrorKind::bad_input;
  if (nothing_done) static_cast<void>(run::end_override(where, kept.made.id));
  return code;
}

Result<int> start_or_stop(RunVerb& options, tasks::Action action) {
  auto fleet = TRY(fleet::load(options.fleet.file, options.fleet.region));
  run::take_speed(options.ways, options.fleet.environments, fleet);
  if (options.lasts.empty() && !options.why.empty())
    return fail(ErrorKind::bad_input, "Usage", "--why is the reason of --for: say for how long");
  if (!options.lasts.empty()) return run_for(options, std::move(fleet), action);
  return run_on(options, std::move(fleet), action);
}

void add_run_verb(CommandLine& line, tasks::Action action, const std::string& description) {
  const std::string name(tasks::to_string(action));
  Verb verb = line.verb(name, description);
  const auto options = std::make_shared<RunVerb>();
  add_environments(verb, options->fleet);
  add_run_options(verb, *options);
  verb.flag("--simulate{60}", options->ways.simulate,
            "On a simulated cloud in this process, at 60 times (--simulate=SPEED) real speed, or max");
  add_simulation_options(verb, options->ways.simulated);
  verb.option("--for", options->lasts, "Keep them so for so long, as 3h; then the opposite is done");
  add_why(verb, options->why);
  verb.footer(
      fmt::format("Examples:\n"
                  "  lamplighter {0} -f fleet.yaml\n"
                  "  lamplighter {0} dev test -f fleet.yaml --profile ops\n"
                  "  lamplighter {0} -f examples/lower-environments.yaml --simulate=max --fault {1} --json",
                  name, action == tasks::Action::start ? "capacity:test4" : "stuck:test4"));
  verb.runs([options, action] { return start_or_stop(*options, action); });
}

}  // namespace

void add_start(CommandLine& line) {
  add_run_verb(line, tasks::Action::start, "Start environments, phase after phase, and report");
}

void add_stop(CommandLine& line) {
  add_run_verb(line, tasks::Action::stop, "Stop environments, phase after phase, and report");
}

}  // namespace lamplighter::cli
