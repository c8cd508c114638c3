// lamplighter simulate: serves the simulated cloud of a fleet over HTTP.
#include <memory>

#include "apps/cli/verbs.h"
#include "console/print_listening.h"
#include "deploy/coordination.h"
#include "fleet/load.h"
#include "run/simulated_server.h"

namespace lamplighter::cli {
namespace {

struct SimulateOptions {
  std::string fleet_file;
  run::SimulatedServer server;
  std::string state = "stopped";  ///< of every server to begin with: stopped or running
};

Status serve(SimulateOptions& options) {
  auto& server = options.server;
  server.fleet.action = options.state == "running" ? tasks::Action::stop : tasks::Action::start;
  server.listening = [&](const std::string& url, std::size_t servers) {
    console::print_simulated_cloud({url, servers, server.fleet.seed, server.speed, options.fleet_file});
  };
  // With the table of a deployment, for those that try one here.
  return run::serve_simulated(deploy::in_cloud(TRY(fleet::load(options.fleet_file))), server);
}

}  // namespace

void add_simulate(CommandLine& line) {
  Verb verb = line.verb("simulate",
                        "Serve EC2, CloudWatch, SNS, STS and DynamoDB for the fleet's servers on 127.0.0.1");
  auto options = std::make_shared<SimulateOptions>();
  verb.option("-f,--file", options->fleet_file, "The fleet file").called("FILE").required();
  verb.option("--port", options->server.port, "The port to listen on; 0 picks a free one and prints it")
      .shows_default()
      .between(0, 65'535);
  verb.option("--seed", options->server.fleet.seed, "What the durations and the faults are drawn from")
      .shows_default();
  verb.option("--speed", options->server.speed, "How many times faster than real time the cloud lives")
      .shows_default()
      .between(0.001, 100'000.0);
  verb.option("--fault", options->server.fleet.faults,
              "A fault, such as capacity:test4, relapse:test4*2 or throttle:0.1 (docs/simulated-cloud.md)");
  verb.option("--state", options->state, "The state of every server to begin with")
      .shows_default()
      .one_of({"stopped", "running"});
  verb.footer(
      "Examples:\n"
      "  lamplighter simulate -f examples/lower-environments.yaml --port 4566\n"
      "  lamplighter simulate -f fleet.yaml --speed 60 --fault capacity:test4 --fault throttle:0.05");
  verb.runs([options] { return serve(*options); });
}

}  // namespace lamplighter::cli
