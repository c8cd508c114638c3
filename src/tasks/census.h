// Which servers an environment has, and what is known to fail before anything is changed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "tasks/protocol/environment.h"
#include "tasks/protocol/membership.h"
#include "tasks/servers.h"

namespace lamplighter::tasks {

/// One environment's servers, counted.
struct Census {
  struct Phase {
    std::string name;
    std::vector<Server> members;
    std::vector<Server> left_alone;  ///< that another service manages
    std::vector<Missing> missing;    ///< also what was named although it is another's
  };
  std::string environment;
  std::vector<Phase> phases;

  /// What admit fixes.
  [[nodiscard]] Memberships memberships() const;
};

/// Why an environment can't be brought to its state; `reason` is "" where nothing is in the way.
struct Obstacle {
  std::string phase;
  std::string reason;
};

/// Counts the environments, which are in one place (region and role). Error: aws, where EC2 could not be
/// asked.
Result<std::vector<Census>> count_servers(Directory& directory,
                                          const std::vector<const DescribedEnvironment*>& environments);

/// For each of `censuses` what is in its way: servers that are missing or named although they are another's,
/// phases without any server, and servers that several phases of any of them have.
std::vector<Obstacle> obstacles(const std::vector<Census>& censuses);

}  // namespace lamplighter::tasks
