// Fleets of many environments: where what they ask of AWS together meets its rates.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace lamplighter::bench {

struct WideFleet {
  int servers = 200;
  int environments = 100;  ///< of two phases, db and app; the servers are shared out evenly
};

/// Prints what a start and a stop take, without alarms: length against critical path, calls by API, events,
/// environments halted. The mean over `seeds` seeds.
Status run_wide(const WideFleet& wide, std::uint64_t seeds);

}  // namespace lamplighter::bench
