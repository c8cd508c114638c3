// How close a run comes to what its servers themselves need, and what it asks of AWS for that; beside the
// fixed schedule that is common in scripts. On the virtual clock, over many seeds.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/fleet/fixed_schedule.h"
#include "console/report_error.h"
#include "fleet/load.h"
#include "run/simulated_fleet.h"
#include "run/simulated_world.h"

namespace lamplighter::bench {
namespace {

constexpr Time kStart{std::chrono::seconds(1'800'000'000)};

struct Sample {
  double critical_path = 0;  ///< seconds
  double ours = 0;
  double ec2_calls = 0;
  double all_calls = 0;
  double fixed = 0;
  double fixed_calls = 0;
  bool fixed_gave_up = false;
};

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

/// What each server's last start or stop took by itself, by name.
std::map<std::string, double> own_times(simcloud::Cloud& cloud, fleet::Action action, Time now) {
  std::map<std::string, double> times;
  const std::string_view member = action == fleet::Action::start ? "start_ms" : "stop_ms";
  for (const json::value& server : cloud.servers(now)) {
    times[get_string(server, "name")] = static_cast<double>(get_int(server, member)) / 1000;
  }
  return times;
}

/// The slowest branch: the sum of its phases' slowest servers, and of the settle times between them.
double critical_path(const fleet::Fleet& fleet, const std::map<std::string, double>& own) {
  double longest = 0;
  for (const fleet::Environment& environment : fleet.environments) {
    double length = 0;
    for (const fleet::Phase& phase : environment.phases) {
      double slowest = 0;
      for (const std::string& name : phase.servers.names) slowest = std::max(slowest, own.at(name));
      length += slowest;
    }
    longest = std::max(longest, length);
  }
  return longest;
}

Result<Sample> take_sample(const fleet::Fleet& fleet, fleet::Action action, std::uint64_t seed) {
  const auto spec = TRY(run::simulated_fleet(fleet, {.seed = seed, .faults = {}, .action = action}));
  const auto world = TRY(run::SimulatedWorld::make(spec, kStart));
  engine::SimulationOptions options;
  options.seed = seed;
  const auto result = TRY(world->run(fleet, action, {}, options));
  const auto report = parse_json(result.execution.output.value_or("null"));
  if (!report || get_string(*report, "status") != "SUCCEEDED") {
    return fail(ErrorKind::internal, "RunFailed", fmt::format("the run with seed {} did not succeed", seed));
  }
  Sample sample;
  sample.ours = seconds(*result.execution.ended - result.execution.started);
  sample.critical_path = critical_path(fleet, own_times(world->cloud(), action, world->clock().now()));
  for (const auto& [api, count] : world->caller().counts()) {
    sample.all_calls += static_cast<double>(count);
    if (api.starts_with("ec2:")) sample.ec2_calls += static_cast<double>(count);
  }
  const FixedScheduleRun fixed = TRY(run_fixed_schedule(fleet, action, spec, kStart));
  sample.fixed = seconds(fixed.length);
  sample.fixed_calls = static_cast<double>(fixed.calls);
  sample.fixed_gave_up = fixed.gave_up;
  return sample;
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
  for (const Sample& sample : samples) values.push_back(value(sample));
  return values;
}

/// A row's columns of ratios; dashes where no run came to its end.
std::string ratio_columns(const std::vector<double>& ratios) {
  if (ratios.empty()) return "– | – | –";
  return fmt::format("{:.3f} | {:.3f} | {:.3f}", mean(ratios), percentile(ratios, 0.95),
                     percentile(ratios, 1));
}

void print_row(std::string_view action, std::string_view how, const std::vector<double>& ratios,
               double ec2_calls, std::string_view all_calls, double gave_up) {
  fmt::print("| {} | {} | {} | {:.0f} | {} | {:.1f}% |\n", action, how, ratio_columns(ratios), ec2_calls,
             all_calls, 100 * gave_up);
}

/// Two rows of the table. Gives the mean ratio of ours.
double print_rows(std::string_view action, const std::vector<Sample>& samples) {
  const auto ours = collect(samples, [](const Sample& sample) { return sample.ours / sample.critical_path; });
  print_row(
      action, "Lamplighter", ours,
      mean(collect(samples, [](const Sample& sample) { return sample.ec2_calls; })),
      fmt::format("{:.0f}", mean(collect(samples, [](const Sample& sample) { return sample.all_calls; }))),
      0);
  std::vector<Sample> finished;
  std::copy_if(samples.begin(), samples.end(), std::back_inserter(finished),
               [](const Sample& sample) { return !sample.fixed_gave_up; });
  const double gave_up = 1 - static_cast<double>(finished.size()) / static_cast<double>(samples.size());
  print_row(action, "fixed schedule",
            collect(finished, [](const Sample& sample) { return sample.fixed / sample.critical_path; }),
            mean(collect(samples, [](const Sample& sample) { return sample.fixed_calls; })), "–", gave_up);
  return mean(ours);
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
  bool met = true;
  for (const fleet::Action action : {fleet::Action::start, fleet::Action::stop}) {
    std::vector<Sample> samples;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      auto sample = take_sample(*fleet, action, seed);
      if (!sample) return console::report_error(sample.error());
      samples.push_back(*sample);
    }
    met = print_rows(to_string(action), samples) <= aim && met;
  }
  if (!met) fmt::print("\nThe aim of {} was missed.\n", aim);
  return met ? EXIT_SUCCESS : EXIT_FAILURE;
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
  CLI11_PARSE(app, argc, argv);
  return lamplighter::bench::run(file, seeds, aim);
}
