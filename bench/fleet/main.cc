// How close a run comes to what its servers themselves need, and what it asks of AWS for that; beside scripts
// that wait with AWS's own waiters, or by a fixed schedule. On the virtual clock, over many seeds.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/fleet/fixed_schedule.h"
#include "bench/fleet/script.h"
#include "bench/fleet/waiters.h"
#include "bench/fleet/wide.h"
#include "bench/support/critical_path.h"
#include "console/report_error.h"
#include "fleet/load.h"
#include "json/json.h"
#include "run/simulated_fleet.h"
#include "run/simulated_world.h"

namespace lamplighter::bench {
namespace {

constexpr Time kStart{std::chrono::seconds(1'800'000'000)};

struct Peer {
  std::string_view name;
  WaitForPhase wait;
};
constexpr std::array kPeers{Peer{"AWS's waiters", wait_with_waiters},
                            Peer{"fixed schedule", wait_by_fixed_schedule}};

/// One way's run with one seed.
struct Sample {
  double ratio = 0;  ///< length / critical path
  double ec2_calls = 0;
  double all_calls = 0;
  bool gave_up = false;
};

/// The samples of Lamplighter and of each peer, a seed after the other.
struct Samples {
  std::vector<Sample> ours;
  std::vector<double> leases;  ///< seconds by which leases in a table of DynamoDB's make ours longer
  std::array<std::vector<Sample>, kPeers.size()> peers;
};

Sample count_calls(aws::Caller& caller) {
  Sample sample;
  for (const auto& [api, count] : caller.counts()) {
    sample.all_calls += static_cast<double>(count);
    if (api.starts_with("ec2:")) sample.ec2_calls += static_cast<double>(count);
  }
  return sample;
}

/// A run that went well.
Result<engine::SimulationResult> run_ours(run::SimulatedWorld& world, const fleet::Fleet& fleet,
                                          tasks::Action action, std::uint64_t seed) {
  engine::SimulationOptions options;
  options.seed = seed;
  auto result = TRY(world.run(fleet, action, {}, options));
  const auto report = parse_json(result.execution.output.value_or("null"));
  if (report && get_string(*report, "status") == "SUCCEEDED") return result;
  return fail(ErrorKind::internal, "RunFailed", fmt::format("the run with seed {} did not succeed", seed));
}

double length_of(const engine::SimulationResult& result) {
  return seconds(run::run_end(result) - result.execution.started);
}

/// How long it takes where runs agree on nothing, or by a table of DynamoDB's, in seconds.
Result<double> length_with(fleet::Fleet fleet, const tasks::Coordination& coordination, tasks::Action action,
                           std::uint64_t seed) {
  fleet.coordination = coordination;
  const auto world = TRY(run::SimulatedWorld::make(
      TRY(run::simulated_fleet(fleet, {.seed = seed, .faults = {}, .action = action})), kStart));
  return length_of(TRY(run_ours(*world, fleet, action, seed)));
}

/// Adds every way's sample with one seed.
Status take_samples(const fleet::Fleet& fleet, tasks::Action action, std::uint64_t seed, Samples& samples) {
  const auto spec = TRY(run::simulated_fleet(fleet, {.seed = seed, .faults = {}, .action = action}));
  const auto world = TRY(run::SimulatedWorld::make(spec, kStart));
  const auto result = TRY(run_ours(*world, fleet, action, seed));
  const double critical = critical_path(fleet, action, world->cloud(), world->clock().now());
  Sample ours = count_calls(world->caller());
  ours.ratio = length_of(result) / critical;
  samples.ours.push_back(ours);
  using Kind = tasks::Coordination::Kind;
  samples.leases.push_back(TRY(length_with(fleet, {Kind::table, "leases", "us-east-1"}, action, seed)) -
                           TRY(length_with(fleet, {Kind::none, "", ""}, action, seed)));
  for (std::size_t i = 0; i < kPeers.size(); ++i) {
    const ScriptRun run = TRY(run_script(fleet, action, spec, kStart, kPeers.at(i).wait));
    const auto calls = static_cast<double>(run.ec2_calls);
    samples.peers.at(i).push_back({seconds(run.length) / critical, calls, calls, run.gave_up});
  }
  return {};
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(std::max<std::size_t>(values.size(), 1));
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

template <class Value>
std::vector<double> collect(const std::vector<Sample>& samples, Value value) {
  std::vector<double> values;
  values.reserve(samples.size());
  std::transform(samples.begin(), samples.end(), std::back_inserter(values), value);
  return values;
}

/// Of the runs that came to their end; dashes where none did.
std::string ratio_columns(const std::vector<Sample>& samples) {
  std::vector<Sample> finished;
  std::copy_if(samples.begin(), samples.end(), std::back_inserter(finished),
               [](const Sample& sample) { return !sample.gave_up; });
  if (finished.empty()) return "– | – | –";
  const auto ratios = collect(finished, [](const Sample& sample) { return sample.ratio; });
  return fmt::format("{:.3f} | {:.3f} | {:.3f}", mean(ratios), percentile(ratios, 0.95),
                     percentile(ratios, 1));
}

void print_row(std::string_view action, std::string_view how, const std::vector<Sample>& samples) {
  const auto average = [&](auto value) { return mean(collect(samples, value)); };
  fmt::print("| {} | {} | {} | {:.0f} | {:.0f} | {:.1f}% |\n", action, how, ratio_columns(samples),
             average([](const Sample& sample) { return sample.ec2_calls; }),
             average([](const Sample& sample) { return sample.all_calls; }),
             100 * average([](const Sample& sample) { return sample.gave_up ? 1.0 : 0.0; }));
}

/// What leases cost. Runs that look at other moments differ by seconds either way: only the mean of many
/// says something.
void print_leases(std::string_view action, const std::vector<double>& longer) {
  fmt::print(
      "With its leases in DynamoDB a {} is {:.2f} s longer: 95% of them by at most {:.2f} s, the worst by "
      "{:.2f} s.\n",
      action, mean(longer), percentile(longer, 0.95), percentile(longer, 1));
}

/// An action's rows of the table. Gives the mean ratio of ours.
double print_rows(std::string_view action, const Samples& samples) {
  print_row(action, "Lamplighter", samples.ours);
  for (std::size_t i = 0; i < kPeers.size(); ++i) print_row(action, kPeers.at(i).name, samples.peers.at(i));
  return mean(collect(samples.ours, [](const Sample& sample) { return sample.ratio; }));
}

int run(const std::string& file, std::uint64_t seeds, double aim) {
  auto fleet = fleet::load(file);
  if (!fleet) return console::report_error(fleet.error());
  for (fleet::Environment& environment : fleet->environments) {
    for (fleet::Phase& phase : environment.phases) phase.settle = Duration::zero();
  }
  fmt::print("{} seeds, {}, settle 0\n\n", seeds, fleet->name);
  fmt::print(
      "| action | how | length / critical path, mean | 95% | worst | EC2 calls, mean | all calls | gave up "
      "|\n");
  fmt::print("|---|---|---|---|---|---|---|---|\n");
  constexpr std::array kActions{tasks::Action::start, tasks::Action::stop};
  std::array<Samples, kActions.size()> all;
  bool met = true;
  for (std::size_t i = 0; i < kActions.size(); ++i) {
    const tasks::Action action = kActions.at(i);
    Samples& samples = all.at(i);
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      if (auto taken = take_samples(*fleet, action, seed, samples); !taken) {
        return console::report_error(taken.error());
      }
    }
    met = print_rows(to_string(action), samples) <= aim && met;
  }
  fmt::print("\n");
  for (std::size_t i = 0; i < kActions.size(); ++i) print_leases(to_string(kActions.at(i)), all.at(i).leases);
  if (!met) fmt::print("\nThe aim of {} was missed.\n", aim);
  return met ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// Fleets of many environments, as the issue names them.
int run_wide_fleets(std::uint64_t seeds) {
  fmt::print("{} seeds, no alarms, settle 0\n\n", seeds);
  fmt::print(
      "| action | servers | environments | length / critical path | worst | halted | DescribeInstances | "
      "DescribeInstanceStatus | Start-, StopInstances | events "
      "|\n|---|---|---|---|---|---|---|---|---|---|\n");
  for (const WideFleet& wide : {WideFleet{20, 3}, WideFleet{200, 100}, WideFleet{2000, 10},
                                WideFleet{2000, 40}, WideFleet{2000, 100}}) {
    if (const auto ran = run_wide(wide, seeds); !ran) return console::report_error(ran.error());
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace lamplighter::bench

int main(int argc, char** argv) {
  CLI::App app{"Run length against critical path, and API calls, on the simulated cloud"};
  std::string file = LAMPLIGHTER_SOURCE_DIR "/examples/lower-environments.yaml";
  std::uint64_t seeds = 200;
  double aim = 1.05;
  app.add_option("-f,--file", file, "The fleet file (servers by Name)")->capture_default_str();
  app.add_option("--seeds", seeds, "How many")->capture_default_str();
  app.add_option("--aim", aim, "The mean ratio that fails the run when it is exceeded")
      ->capture_default_str();
  bool wide = false;
  app.add_flag("--wide", wide, "Fleets of up to 2,000 servers in 100 environments instead of the file's");
  CLI11_PARSE(app, argc, argv);
  if (wide) return lamplighter::bench::run_wide_fleets(seeds);
  return lamplighter::bench::run(file, seeds, aim);
}
