// The simulated cloud of a fleet behind an HTTP endpoint, for any program that speaks to AWS.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "fleet/fleet.h"
#include "run/simulated_fleet.h"

namespace lamplighter::run {

struct SimulatedServer {
  std::uint16_t port = 0;  ///< 0 picks a free one
  double speed = 1;        ///< how many times faster than real time the cloud lives
  SimulatedFleetOptions fleet;
  /// Told once it answers.
  std::function<void(const std::string& url, std::size_t servers)> listening;
};

/// Serves on 127.0.0.1 until an ending signal (run/interrupt.h). Errors: as simulated_fleet() and
/// HttpServer::start.
Status serve_simulated(const fleet::Fleet& fleet, const SimulatedServer& options);

}  // namespace lamplighter::run
