// A run in this process against a simulated cloud, on the virtual clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "run/observer.h"
#include "run/order.h"
#include "run/outcome.h"

namespace lamplighter::run {

struct SimulatedRun {
  std::optional<double> speed = 60;  ///< virtual seconds a second; nullopt: as fast as it goes
  std::uint64_t seed = 1;
  std::vector<std::string> faults;
};

/// "60" or "max" (nullopt). Error: bad_input "Usage".
Result<std::optional<double>> parse_speed(const std::string& text);

/// Deterministic by its seed. Error: bad_input "InvalidFault", or what the driver says of the definition.
Result<Outcome> run_simulated(const RunOrder& order, const SimulatedRun& options, Observer& view);

}  // namespace lamplighter::run
