#include "apps/cli/options.h"

#include <cstdlib>

#include <CLI/CLI.hpp>

namespace lamplighter::cli {

void add_fleet_options(CLI::App& verb, FleetOptions& options) {
  options.file = "fleet.yaml";
  verb.add_option("-f,--file", options.file, "The fleet file; - for standard input")->capture_default_str();
  verb.add_option("--region", options.region, "Instead of the file's own top-level region");
}

void add_environments(CLI::App& verb, FleetOptions& options) {
  verb.add_option("environments", options.environments, "Which environments; all where none is named")
      ->type_name("ENV");
}

void add_aws_options(CLI::App& verb, run::AwsOptions& options) {
  verb.add_option("--endpoint-url", options.endpoint_url,
                  "Where every service is, instead of AWS's own hosts (also AWS_ENDPOINT_URL)");
  verb.add_option("--profile", options.profile, "The AWS profile (also AWS_PROFILE)");
}

void add_state_dir(CLI::App& verb, std::string& state_dir) {
  verb.add_option("--state-dir", state_dir,
                  "Where executions are kept [$XDG_STATE_HOME/lamplighter, or ~/.local/state/lamplighter]");
}

fleet::Action to_action(const std::string& word) {
  return word == "stop" ? fleet::Action::stop : fleet::Action::start;
}

}  // namespace lamplighter::cli
