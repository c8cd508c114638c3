// The proof that no crash changes a history: random state machines × random task results, delays and errors,
// each run once without a crash and several times with the process image dropped after commits and rebuilt
// from the history. All must give the same history to the last byte, and each must come to its end. One
// machine in twenty also runs with its history in the real database, on a disk that fills up, fails and
// tears: the same again, and without a crash no task runs twice.
//
//   engine_simulation [--seed N] [--runs N]
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "engine/core/payload.h"
#include "engine/virtual/simulation.h"
#include "tests/engine_simulation/disk_journal.h"
#include "tests/engine_simulation/random_machine.h"
#include "tests/support/proof_length.h"

namespace lamplighter::engine::proof {
namespace {

struct Totals {
  std::size_t runs = 0;
  std::size_t crashes = 0;
  std::size_t events = 0;
  std::size_t tasks = 0;
  std::size_t reruns = 0;
  std::size_t disk_failures = 0;
  std::map<std::string, std::size_t> ends;
};

/// What one run led to, as text.
struct Trace {
  std::string history;
  std::string end;
  std::size_t events = 0;
  std::size_t tasks = 0;
  std::size_t reruns = 0;
};

Result<Trace> run(std::uint64_t seed, const std::string& definition, const std::function<bool()>& crash,
                  Journal* journal = nullptr) {
  const Random random(seed);
  SimulationClock clock(Time{Duration{1'000'000'000'000}});
  RandomWorld world(random.fork("world"), clock);
  SimulationOptions options;
  options.seed = seed;
  options.crash_after_commit = crash;
  options.journal = journal;
  const auto result = TRY(simulate(definition, {{"seed", seed}}, clock, world, options));
  Trace trace;
  for (const auto& event : result.events) trace.history += json_text(to_history_json(event)) + "\n";
  trace.end = to_string(result.execution.status);
  trace.events = result.events.size();
  trace.tasks = world.tasks();
  trace.reruns = world.reruns();
  return trace;
}

/// The first line in which two histories differ.
std::string difference(const std::string& a, const std::string& b) {
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()) && a[i] == b[i]; ++i) {
    if (a[i] == '\n') line_start = i + 1;
  }
  const auto line = [&](const std::string& text) {
    return text.substr(line_start, text.find('\n', line_start) - line_start);
  };
  return fmt::format("  without a crash: {}\n  with crashes:    {}", line(a), line(b));
}

/// The same on a disk in trouble.
std::string check_on_disk(std::uint64_t seed, const std::string& definition, const Trace& expected,
                          Totals& totals) {
  for (const double crashes : {0.0, 0.2}) {
    Random dice = Random(seed).fork(fmt::format("disk {}", crashes));
    const auto file =
        std::filesystem::temp_directory_path() / fmt::format("engine-simulation-{}.db", ::getpid());
    auto journal = DiskJournal::make(file, dice.fork("trouble"), 0.3);
    if (!journal) return journal.error().message;
    const auto found = run(
        seed, definition, [&] { return dice.chance(crashes); }, journal->get());
    totals.disk_failures += (*journal)->failures();
    std::filesystem::remove(file);
    if (!found) return fmt::format("on a bad disk: {}\n{}", found.error().message, definition);
    if (crashes == 0 && found->reruns > 0)
      return fmt::format("a failed commit ran a task again\n{}", definition);
    if (found->history == expected.history) continue;
    return fmt::format("a failed commit changed the history\n{}\n{}",
                       difference(expected.history, found->history), definition);
  }
  return "";
}

/// "" where all is well, else what went wrong.
std::string check(std::uint64_t seed, Totals& totals) {
  const auto definition = json_text(random_machine(Random(seed).fork("machine")));
  const auto expected = run(seed, definition, nullptr);
  if (!expected) return fmt::format("{}\n{}", expected.error().message, definition);
  totals.events += expected->events;
  totals.tasks += expected->tasks;
  ++totals.ends[expected->end];
  for (const double chance : {0.1, 0.5, 1.0}) {
    Random dice = Random(seed).fork(fmt::format("crashes {}", chance));
    const auto crashed = run(seed, definition, [&] {
      const bool crash = dice.chance(chance);
      if (crash) ++totals.crashes;
      return crash;
    });
    if (!crashed) return fmt::format("with crashes: {}\n{}", crashed.error().message, definition);
    totals.reruns += crashed->reruns;
    if (crashed->history != expected->history) {
      return fmt::format("a crash changed the history\n{}\n{}",
                         difference(expected->history, crashed->history), definition);
    }
  }
  return seed % 20 == 0 ? check_on_disk(seed, definition, *expected, totals) : "";
}

int prove(std::uint64_t seed, std::size_t runs) {
  Totals totals;
  for (; totals.runs < runs; ++totals.runs, ++seed) {
    const auto problem = check(seed, totals);
    if (problem.empty()) continue;
    fmt::print("seed {}: {}\nTo see it again: engine_simulation --seed {} --runs 1\n", seed, problem, seed);
    return EXIT_FAILURE;
  }
  fmt::print(
      "{} machines, each without and with crashes: {} crashes, {} tasks ({} run again), {} events; {} "
      "failed commits on a bad disk; ends:",
      totals.runs, totals.crashes, totals.tasks, totals.reruns, totals.events, totals.disk_failures);
  for (const auto& [end, count] : totals.ends) fmt::print(" {} {}", count, end);
  fmt::print("\nEvery history was the same to the last byte.\n");
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace lamplighter::engine::proof

int main(int argc, char** argv) {
  std::uint64_t seed = 1;
  std::size_t runs = 2'000;
  for (int i = 1; i < argc; ++i) {
    const bool has_value = i + 1 < argc;
    if (has_value && std::strcmp(argv[i], "--seed") == 0) {
      seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (has_value && std::strcmp(argv[i], "--runs") == 0) {
      runs = std::strtoull(argv[++i], nullptr, 10);
    } else {
      fmt::print("usage: engine_simulation [--seed N] [--runs N]\n");
      return 2;
    }
  }
  return lamplighter::engine::proof::prove(seed, lamplighter::proof_length(runs));
}
