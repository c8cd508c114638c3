// The simulated cloud that belongs to a fleet: a server for everything that the fleet file names, and some
// for what it selects by tags.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/fleet.h"
#include "simcloud/cloud.h"

namespace lamplighter::run {

/// What webhooks of a simulated fleet have as URLs: nobody has that host (RFC 2606).
inline constexpr const char* kSimulatedUrl = "https://webhook.invalid/simulated";

struct SimulatedFleetOptions {
  std::uint64_t seed = 1;
  std::vector<std::string> faults;  ///< as simcloud/fault.h reads them; servers by name or id
  /// What the cloud is made ready for: start finds every server stopped and its alarms muted, stop finds
  /// every server running.
  tasks::Action action = tasks::Action::start;
};

/// Servers by Name tag bear that name, servers by id that id and an invented name, and every set of tags
/// finds two invented servers; where runs agree by a table of
/// DynamoDB's, there is one. Error: bad_input "InvalidFault", also for a fault of a server that the fleet
/// has not.
Result<simcloud::CloudSpec> simulated_fleet(const fleet::Fleet& fleet, const SimulatedFleetOptions& options);

}  // namespace lamplighter::run
