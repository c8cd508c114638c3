// Several executions of both actions over the same environments, on one virtual clock: what each did to which
// server, whose the environment was at that moment, and how it all ended.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/fleet.h"

namespace lamplighter::proof {

struct SeveralTally {
  int runs = 0;
  int executions = 0;
  int takeovers = 0;  ///< environments that another execution took over
  int waits = 0;      ///< environments that waited for another execution
  int crashes = 0;
  int failed = 0;
};

/// The fleet of these runs: small, so that many fit.
Result<fleet::Fleet> several_fleet();

/// Runs what the seed stands for. Gives every rule that is broken, in a sentence. Error: a run could not be
/// made, or did not end by itself.
Result<std::vector<std::string>> try_several(const fleet::Fleet& fleet, std::uint64_t seed,
                                             SeveralTally& tally);

}  // namespace lamplighter::proof
