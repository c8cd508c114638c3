// lamplighter start and stop: runs a fleet's environments up or down, on AWS or simulated.
#include <memory>

#include <fmt/format.h>

#include "apps/cli/run_verb.h"
#include "apps/cli/verbs.h"
#include "fleet/load.h"

namespace lamplighter::cli {
namespace {

Result<int> start_or_stop(RunVerb& options, tasks::Action action) {
  auto fleet = TRY(fleet::load(options.fleet.file, options.fleet.region));
  run::take_speed(options.ways, options.fleet.environments, fleet);
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
