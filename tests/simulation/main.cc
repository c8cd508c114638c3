// Seeded runs of the example fleet on the simulation driver, with random faults in one environment and, in
// some, crashes: what must hold in every run (rules.h). A seed that fails is named with the command that
// replays it.
#include <cstdlib>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/random.h"
#include "console/report_error.h"
#include "fleet/load.h"
#include "tests/simulation/rules.h"
#include "tests/simulation/watched_run.h"
#include "tests/support/proof_length.h"

namespace lamplighter::proof {
namespace {

constexpr int kMostFaults = 3;
constexpr std::uint64_t kMostTimes = 4;
constexpr double kCrashingRuns = 0.3;
constexpr double kCrashChance = 0.02;
constexpr double kSettingRuns = 0.3;
constexpr double kSettingChance = 0.05;

struct Tally {
  int runs = 0;
  int halted = 0;
  int crashes = 0;
  int clock_settings = 0;
  int failed = 0;
};

struct Draw {
  Plan plan;
  std::string environment;
};

/// A fault that the action can meet.
std::string draw_fault(Random& random, tasks::Action action, const fleet::Environment& environment) {
  const std::vector<std::string_view> kinds =
      action == tasks::Action::start
          ? std::vector<std::string_view>{"capacity", "no-host",         "relapse", "stuck", "impaired",
                                          "missing",  "impaired-volume", "denied",  "gone"}
          : std::vector<std::string_view>{"stuck",         "missing",        "protected", "denied",
                                          "one-time-spot", "instance-store", "gone"};
  const fleet::Phase& phase = environment.phases[random.below(environment.phases.size())];
  const std::string& server = phase.servers.names[random.below(phase.servers.names.size())];
  const std::string_view kind = kinds[random.below(kinds.size())];
  const std::string times = random.chance(0.5) ? "" : fmt::format("*{}", 1 + random.below(kMostTimes));
  return fmt::format("{}:{}{}", kind, server, times);
}

/// What a seed stands for.
Draw draw(const fleet::Fleet& fleet, std::uint64_t seed) {
  Random random = Random(seed).fork("fleet simulation");
  Draw drawn;
  drawn.plan.seed = seed;
  drawn.plan.action = random.chance(0.5) ? tasks::Action::start : tasks::Action::stop;
  const fleet::Environment& environment = fleet.environments[random.below(fleet.environments.size())];
  drawn.environment = environment.name;
  const std::uint64_t faults = 1 + random.below(kMostFaults);
  for (std::uint64_t i = 0; i < faults; ++i)
    drawn.plan.faults.push_back(draw_fault(random, drawn.plan.action, environment));
  drawn.plan.crash_chance = random.chance(kCrashingRuns) ? kCrashChance : 0;
  drawn.plan.set_chance = random.chance(kSettingRuns) ? kSettingChance : 0;
  return drawn;
}

std::string describe(const Draw& drawn) {
  return fmt::format("{}, {} in {}{}{}", tasks::to_string(drawn.plan.action),
                     fmt::join(drawn.plan.faults, " "), drawn.environment,
                     drawn.plan.crash_chance > 0 ? ", with crashes" : "",
                     drawn.plan.set_chance > 0 ? ", the clock being set" : "");
}

Result<std::vector<std::string>> try_seed(const fleet::Fleet& fleet, const Draw& drawn, Tally& tally) {
  const WatchedRun calm = TRY(watch(fleet, {drawn.plan.seed, drawn.plan.action, {}}));
  const WatchedRun run = TRY(watch(fleet, drawn.plan));
  tally.halted += run.succeeded ? 0 : 1;
  tally.crashes += run.crashes;
  tally.clock_settings += run.clock_settings;
  return broken_rules({fleet, drawn.plan, drawn.environment, run, calm});
}

void run_seed(const fleet::Fleet& fleet, std::uint64_t seed, bool verbose, Tally& tally) {
  const Draw drawn = draw(fleet, seed);
  if (verbose) fmt::print("seed {}: {}\n", seed, describe(drawn));
  auto broken = try_seed(fleet, drawn, tally);
  if (!broken) broken = std::vector<std::string>{broken.error().message};
  ++tally.runs;
  if (broken->empty()) return;
  ++tally.failed;
  fmt::print("seed {} ({}) breaks {} rule(s):\n  {}\nreplay it: fleet_simulation --seed {}\n", seed,
             describe(drawn), broken->size(), fmt::join(*broken, "\n  "), seed);
}

}  // namespace
}  // namespace lamplighter::proof

int main(int argc, char** argv) {
  using namespace lamplighter;
  CLI::App app{"Seeded runs of a fleet with random faults in one environment, and what must hold in each"};
  std::string file = LAMPLIGHTER_SOURCE_DIR "/examples/lower-environments.yaml";
  std::uint64_t runs = 500;
  std::uint64_t first = 1;
  std::uint64_t seed = 0;
  app.add_option("-f,--file", file, "The fleet file (servers by Name)")->capture_default_str();
  app.add_option("--runs", runs, "How many seeds")->capture_default_str();
  app.add_option("--first", first, "The first of them")->capture_default_str();
  auto* only = app.add_option("--seed", seed, "This seed alone, with what it stands for");
  CLI11_PARSE(app, argc, argv);

  const auto fleet = fleet::load(file);
  if (!fleet) return console::report_error(fleet.error());
  proof::Tally tally;
  if (only->count() > 0) {
    proof::run_seed(*fleet, seed, true, tally);
  } else {
    for (std::uint64_t each = first; each < first + proof_length(runs); ++each)
      proof::run_seed(*fleet, each, false, tally);
  }
  fmt::print(
      "{} runs, {} with a halted environment, {} crashes survived, the clock set {} times: {} broke a rule\n",
      tally.runs, tally.halted, tally.crashes, tally.clock_settings, tally.failed);
  return tally.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
