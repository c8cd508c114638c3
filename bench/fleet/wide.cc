#include "bench/fleet/wide.h"

#include <map>
#include <string>

#include <fmt/format.h>

#include "bench/support/critical_path.h"
#include "json/json.h"
#include "run/simulated_fleet.h"
#include "run/simulated_world.h"

namespace lamplighter::bench {
namespace {

constexpr Time kStart{std::chrono::seconds(1'800'000'000)};

fleet::Fleet fleet_of(const WideFleet& wide) {
  fleet::Fleet fleet;
  fleet.name = "wide";
  fleet.region = "us-east-1";
  fleet.alarms = tasks::AlarmMatch::none;
  int named = 0;
  for (int i = 0; i < wide.environments; ++i) {
    fleet::Environment environment{fmt::format("env{}", i), fleet.region, "", {}};
    for (const int share : {2 * i + 1, 2 * i + 2}) {
      fleet::Phase phase;
      phase.name = environment.phases.empty() ? "db" : "app";
      while (named < wide.servers * share / (2 * wide.environments)) {
        phase.servers.names.push_back(fmt::format("server{}", named++));
      }
      environment.phases.push_back(std::move(phase));
    }
    fleet.environments.push_back(std::move(environment));
  }
  return fleet;
}

/// Sums over the seeds.
struct Totals {
  double ratio = 0;
  double worst = 0;
  double events = 0;
  int halted = 0;
  std::map<std::string, double> calls;
};

Status add_run(const fleet::Fleet& fleet, tasks::Action action, std::uint64_t seed, Totals& totals) {
  const auto spec = TRY(run::simulated_fleet(fleet, {.seed = seed, .faults = {}, .action = action}));
  const auto world = TRY(run::SimulatedWorld::make(spec, kStart));
  engine::SimulationOptions options;
  options.seed = seed;
  const auto result = TRY(world->run(fleet, action, {}, options));
  const double critical = critical_path(fleet, action, world->cloud(), world->clock().now());
  const double ratio = seconds(run::run_end(result) - result.execution.started) / critical;
  totals.ratio += ratio;
  totals.worst = std::max(totals.worst, ratio);
  totals.events += static_cast<double>(result.events.size());
  for (const auto& [api, count] : world->caller().counts()) totals.calls[api] += static_cast<double>(count);
  const auto report = parse_json(result.execution.output.value_or("null"));
  if (!report || !report->is_object()) {
    return fail(ErrorKind::internal, "NoReport", result.execution.cause.value_or("no report"));
  }
  for (const auto& environment : report->at("environments").as_array()) {
    totals.halted += get_string(environment, "status") == "ready" ? 0 : 1;
  }
  return {};
}

void print_row(const WideFleet& wide, tasks::Action action, const Totals& totals, std::uint64_t seeds) {
  const auto runs = static_cast<double>(seeds);
  const auto calls = [&](const std::string& api) {
    const auto found = totals.calls.find("ec2:" + api);
    return found == totals.calls.end() ? 0 : found->second / runs;
  };
  const char* change = action == tasks::Action::start ? "StartInstances" : "StopInstances";
  fmt::print("| {} | {} | {} | {:.3f} | {:.3f} | {:.1f} | {:.0f} | {:.0f} | {:.0f} | {:.0f} |\n",
             to_string(action), wide.servers, wide.environments, totals.ratio / runs, totals.worst,
             totals.halted / runs, calls("DescribeInstances"), calls("DescribeInstanceStatus"), calls(change),
             totals.events / runs);
}

}  // namespace

Status run_wide(const WideFleet& wide, std::uint64_t seeds) {
  const auto fleet = fleet_of(wide);
  for (const tasks::Action action : {tasks::Action::start, tasks::Action::stop}) {
    Totals totals;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) CHECK_OK(add_run(fleet, action, seed, totals));
    print_row(wide, action, totals, seeds);
  }
  return {};
}

}  // namespace lamplighter::bench
