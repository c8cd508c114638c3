// What can go wrong in the simulated cloud, and how it is asked for on the command line
// (docs/simulated-cloud.md).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace lamplighter::simcloud {

enum class FaultKind {
  capacity,  ///< StartInstances of the server: InsufficientInstanceCapacity, as HTTP 500
  relapse,   ///< a start is accepted, then the server stops again with a StateReason
  stuck,     ///< the server stays pending (stopping) for ever
  impaired,  ///< its status checks fail
  missing,   ///< there is no such server
  throttle,  ///< a call is refused with RequestLimitExceeded
  error,     ///< a call ends with an internal error, HTTP 500
  reset,     ///< the connection is reset
};

/// "KIND:SERVER[*N]" for the first five kinds, "KIND:PROBABILITY[*N]" for the last three.
struct Fault {
  FaultKind kind{};
  std::string server;      ///< its Name, for the first five kinds
  double probability = 0;  ///< for the last three
  int times = -1;          ///< the first N times only; -1: always
};

/// Error: bad_input "InvalidFault" that names the kinds and the form.
Result<Fault> parse_fault(std::string_view text);

}  // namespace lamplighter::simcloud
