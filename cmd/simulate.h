// lamplighter simulate: serves the simulated cloud of a fleet over HTTP.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lamplighter::cmd {

struct SimulateOptions {
  std::string fleet_file;
  std::uint16_t port = 0;  ///< 0 picks a free one
  std::uint64_t seed = 1;
  double speed = 1;  ///< how many times faster than real time the cloud lives
  std::vector<std::string> faults;
  std::string state = "stopped";  ///< of every server to begin with: stopped or running
};

/// Serves on 127.0.0.1 until SIGINT or SIGTERM. Gives the exit code.
int simulate(const SimulateOptions& options);

}  // namespace lamplighter::cmd
