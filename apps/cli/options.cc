#include "apps/cli/options.h"

#include "console/report_error.h"

namespace lamplighter::cli {

void add_action(Verb& verb, std::string& action) {
  verb.option("action", action, "start or stop").called("ACTION").required().one_of({"start", "stop"});
}

void add_fleet_options(Verb& verb, FleetOptions& options) {
  options.file = kFleetFile;
  verb.option("-f,--file", options.file, "The fleet file; - for standard input")
      .called("FILE")
      .shows_default();
  verb.option("--region", options.region, "Instead of the file's own top-level region");
}

void add_environments(Verb& verb, FleetOptions& options) {
  verb.option("environments", options.environments, "Which environments; all where none is named")
      .called("ENV");
}

void add_aws_options(Verb& verb, run::AwsOptions& options) {
  verb.option("--endpoint-url", options.endpoint_url,
              "Where every service is, instead of AWS's own hosts (also AWS_ENDPOINT_URL)");
  verb.option("--profile", options.profile, "The AWS profile (also AWS_PROFILE)");
  options.waiting = console::report_trouble;
}

void add_state_dir(Verb& verb, std::string& state_dir) {
  verb.option("--state-dir", state_dir,
              "Where executions are kept [$XDG_STATE_HOME/lamplighter, or ~/.local/state/lamplighter]")
      .called("DIR");
}

void add_simulation_options(Verb& verb, run::SimulatedRun& options) {
  verb.option("--seed", options.seed, "With --simulate: what its durations and faults are drawn from")
      .shows_default();
  verb.option("--fault", options.faults, "With --simulate: capacity:test4, relapse:test4*2, throttle:0.1, …")
      .one_value_each();
}

tasks::Action to_action(const std::string& word) {
  return tasks::parse_action(word).value_or(tasks::Action::start);
}

}  // namespace lamplighter::cli
