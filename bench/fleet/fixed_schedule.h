// What scripts commonly do instead of Lamplighter: start (stop) a phase's servers, look at their states at
// fixed times, then at their health at fixed times, and give up after a fixed number of looks.
#pragma once

#include <cstddef>

#include "base/clock.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "simcloud/cloud.h"

namespace lamplighter::bench {

struct FixedScheduleRun {
  Duration length{0};
  bool gave_up = false;  ///< in one environment at least
  std::size_t calls = 0;
};

/// Every environment on its own, at the same time, phase after phase: states every 15 s at most 5 times,
/// then, for a start, status checks every 45 s at most 6 times.
Result<FixedScheduleRun> run_fixed_schedule(const fleet::Fleet& fleet, fleet::Action action,
                                            const simcloud::CloudSpec& spec, Time start);

}  // namespace lamplighter::bench
