// What a program that serves says once it listens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace lamplighter::console {

/// `lamplighter simulate`: where its cloud is, and how to use it.
struct SimulatedCloud {
  std::string url;
  std::size_t servers = 0;
  std::uint64_t seed = 1;
  double speed = 1;
  std::string fleet_file;
};
void print_simulated_cloud(const SimulatedCloud& cloud);

}  // namespace lamplighter::console
