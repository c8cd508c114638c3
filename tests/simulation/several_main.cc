// Seeded runs of several executions over the same environments (several.h): never two that act on one server
// at the same time, and the end is what the newest wanted, alarms included.
#include <cstdlib>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "console/report_error.h"
#include "tests/simulation/several.h"
#include "tests/support/proof_length.h"

namespace lamplighter::proof {
namespace {

void run_seed(const fleet::Fleet& fleet, std::uint64_t seed, SeveralTally& tally) {
  auto broken = try_several(fleet, seed, tally);
  if (!broken) {
    ++tally.failed;
    broken = std::vector<std::string>{broken.error().message};
  }
  if (broken->empty()) return;
  fmt::print("seed {} breaks {} rule(s):\n  {}\nreplay it: lease_simulation --seed {}\n", seed,
             broken->size(), fmt::join(*broken, "\n  "), seed);
}

}  // namespace
}  // namespace lamplighter::proof

int main(int argc, char** argv) {
  using namespace lamplighter;
  CLI::App app{"Seeded runs of several executions over the same environments, and what must hold in each"};
  std::uint64_t runs = 2'000;
  std::uint64_t first = 1;
  std::uint64_t seed = 0;
  app.add_option("--runs", runs, "How many seeds")->capture_default_str();
  app.add_option("--first", first, "The first of them")->capture_default_str();
  auto* only = app.add_option("--seed", seed, "This seed alone");
  CLI11_PARSE(app, argc, argv);

  const auto fleet = proof::several_fleet();
  if (!fleet) return console::report_error(fleet.error());
  proof::SeveralTally tally;
  if (only->count() > 0) {
    proof::run_seed(*fleet, seed, tally);
  } else {
    for (std::uint64_t each = first; each < first + proof_length(runs); ++each)
      proof::run_seed(*fleet, each, tally);
  }
  fmt::print(
      "{} runs of {} executions, {} taken over, {} that waited, {} crashes survived: {} broke a rule\n",
      tally.runs, tally.executions, tally.takeovers, tally.waits, tally.crashes, tally.failed);
  return tally.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
