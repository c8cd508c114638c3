// What stays the same during an execution.
#pragma once

#include <cstdint>
#include <string>

namespace lamplighter::engine {

struct Identity {
  std::string arn;
  std::string name;
  std::string state_machine_arn;
  std::string state_machine_name;
  std::string role_arn;
  std::string region;
  std::uint64_t seed = 0;  ///< for $random(), $uuid() and jitter
};

}  // namespace lamplighter::engine
