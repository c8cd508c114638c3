// Finding the servers that a phase means.
#pragma once

#include <string>
#include <vector>

#include "aws/services/ec2.h"
#include "base/result.h"
#include "tasks/protocol/payload.h"

namespace lamplighter::tasks {

/// One server of a phase, as EC2 describes it now.
struct Server {
  std::string name;  ///< its Name tag; its id where it has none
  aws::Instance instance;
};

/// A part of the selector that found no server, or more than it should.
struct Missing {
  std::string name;    ///< the name, id or tags that were looked for
  std::string id;      ///< where an id was looked for
  std::string reason;  ///< "no server is called test2"
  bool unknown_name = false;
};

struct Found {
  std::vector<Server> servers;  ///< each once: names in the selector's order, then ids, then tags by name
  std::vector<Missing> missing;
};

/// Looks up every part of the selectors, whatever several of them look for but once; gives what each finds.
/// Instances that are terminated or on the way there are no servers any more. In tag values EC2's wildcards *
/// and ? work. A name that no server has brings those that are near it. Error: aws, where EC2 could not be
/// asked.
Result<std::vector<Found>> find_servers(aws::Ec2& ec2, const std::vector<const Selector*>& selectors);
Result<Found> find_servers(aws::Ec2& ec2, const Selector& selector);

/// Terminated, or on the way there.
bool is_gone(const aws::Instance& instance);

}  // namespace lamplighter::tasks
