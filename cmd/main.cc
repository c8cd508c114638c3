// The command line: its verbs and their options. What a verb does is in the file that bears its name.
#include <CLI/CLI.hpp>

#include "cmd/simulate.h"
#include "cmd/verb.h"

namespace lamplighter::cmd {
namespace {

void add_simulate(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("simulate",
                                  "Serve EC2, CloudWatch, SNS and STS for the fleet's servers on 127.0.0.1");
  auto options = std::make_shared<SimulateOptions>();
  verb->add_option("-f,--file", options->fleet_file, "The fleet file")->required();
  verb->add_option("--port", options->port, "The port to listen on; 0 picks a free one and prints it")
      ->capture_default_str();
  verb->add_option("--seed", options->seed, "What the durations and the faults are drawn from")
      ->capture_default_str();
  verb->add_option("--speed", options->speed, "How many times faster than real time the cloud lives")
      ->capture_default_str()
      ->check(CLI::Range(0.001, 100'000.0));
  verb->add_option(
      "--fault", options->faults,
      "A fault, such as capacity:test4, relapse:test4*2 or throttle:0.1 (docs/simulated-cloud.md)");
  verb->add_option("--state", options->state, "The state of every server to begin with")
      ->capture_default_str()
      ->check(CLI::IsMember({"stopped", "running"}));
  verb->footer(
      "Examples:\n"
      "  lamplighter simulate -f examples/lower-environments.yaml --port 4566\n"
      "  lamplighter simulate -f fleet.yaml --speed 60 --fault capacity:test4 --fault throttle:0.05");
  verb->callback([options, &exit_code] { exit_code = simulate(*options); });
}

}  // namespace
}  // namespace lamplighter::cmd

int main(int argc, char** argv) {
  CLI::App app{
      "Starts and stops the servers of whole environments in order, with proof that each is healthy."};
  app.name("lamplighter");
  app.require_subcommand(1);
  int exit_code = lamplighter::cmd::ExitCode::success;
  lamplighter::cmd::add_simulate(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? lamplighter::cmd::ExitCode::success : lamplighter::cmd::ExitCode::bad_input;
  }
  return exit_code;
}
