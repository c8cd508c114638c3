// One look at a phase: which servers there are, and how they are.
#pragma once

#include <string>
#include <vector>

#include "aws/services/ec2.h"
#include "base/result.h"
#include "tasks/protocol/payload.h"
#include "tasks/servers.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

struct SeenServer {
  Server server;
  std::string instance_status;  ///< "" where it does not run, or status checks were not asked for
  std::string system_status;
  std::string attached_ebs_status;  ///< of its volumes; "" where EC2 does not say

  [[nodiscard]] const std::string& id() const { return server.instance.id; }
  [[nodiscard]] const std::string& state() const { return server.instance.state; }
};

struct Look {
  std::vector<SeenServer> servers;
  std::vector<Missing> missing;  ///< that were there when the environment was admitted
};

/// How the servers `ids` are and, for a start, the status checks of those that run. Changes nothing. Error:
/// aws, where EC2 could not be asked.
Result<Look> look_at(const Context& context, const aws::Target& target, const std::vector<std::string>& ids,
                     Action action);

}  // namespace lamplighter::tasks
