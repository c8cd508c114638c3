// lamplighter simulate: serves the simulated cloud of a fleet over HTTP.
#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "apps/cli/verbs.h"
#include "base/clock.h"
#include "fleet/load.h"
#include "http/http_server.h"
#include "run/leave.h"
#include "run/simulated_fleet.h"
#include "simcloud/cloud.h"

namespace lamplighter::cli {
namespace {

struct SimulateOptions {
  std::string fleet_file;
  std::uint16_t port = 0;  ///< 0 picks a free one
  std::uint64_t seed = 1;
  double speed = 1;  ///< how many times faster than real time the cloud lives
  std::vector<std::string> faults;
  std::string state = "stopped";  ///< of every server to begin with: stopped or running
};

void say_hello(const std::string& url, const SimulateOptions& options, std::size_t servers) {
  fmt::print(
      "The simulated cloud of {} servers is at {} (seed {}, speed {}). Ctrl-C ends it.\n"
      "Use it, for instance:\n"
      "  export AWS_ENDPOINT_URL={} AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated\n"
      "  lamplighter start --file {}{}\n"
      "  curl {}/_lamplighter/outbox\n",
      servers, url, options.seed, options.speed, url, options.fleet_file,
      options.speed == 1 ? "" : fmt::format(" --speed {}", options.speed), url);
  std::fflush(stdout);
}

/// Serves on 127.0.0.1 until SIGINT or SIGTERM.
Status serve(const SimulateOptions& options) {
  const fleet::Fleet fleet = TRY(fleet::load(options.fleet_file));
  run::SimulatedFleetOptions setup{.seed = options.seed, .faults = options.faults};
  setup.action = options.state == "running" ? tasks::Action::stop : tasks::Action::start;
  const simcloud::CloudSpec spec = TRY(run::simulated_fleet(fleet, setup));
  simcloud::Cloud cloud(spec);
  const SystemClock clock(options.speed);

  const run::EndSignals end;
  // One worker: the cloud answers one request after the other.
  http::HttpOptions http{.port = options.port, .workers = 1};
  const auto server = TRY(http::HttpServer::start(http, [&](const http::Request& request) {
    return cloud.handle({request, {}}, clock.now());
  }));
  say_hello(server->url(), options, spec.servers.size());
  end.wait();
  server->stop();
  return {};
}

}  // namespace

void add_simulate(CommandLine& line) {
  Verb verb =
      line.verb("simulate", "Serve EC2, CloudWatch, SNS and STS for the fleet's servers on 127.0.0.1");
  auto options = std::make_shared<SimulateOptions>();
  verb.option("-f,--file", options->fleet_file, "The fleet file").required();
  verb.option("--port", options->port, "The port to listen on; 0 picks a free one and prints it")
      .shows_default();
  verb.option("--seed", options->seed, "What the durations and the faults are drawn from").shows_default();
  verb.option("--speed", options->speed, "How many times faster than real time the cloud lives")
      .shows_default()
      .between(0.001, 100'000.0);
  verb.option("--fault", options->faults,
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
