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

/// Where instances are looked up. Errors: aws.
class Directory {
 public:
  using Instances = std::vector<aws::Instance>;
  virtual ~Directory() = default;
  virtual Result<Instances> named(const std::vector<std::string>& names) = 0;
  virtual Result<Instances> with_ids(const std::vector<std::string>& ids) = 0;
  virtual Result<Instances> tagged(const Tags& tags) = 0;
  virtual Result<Instances> all() = 0;
};

/// EC2 itself.
class Ec2Directory : public Directory {
 public:
  Ec2Directory(aws::Caller& caller, const aws::Target& target) : ec2_(caller, target) {}
  Result<Instances> named(const std::vector<std::string>& names) override;
  Result<Instances> with_ids(const std::vector<std::string>& ids) override;
  Result<Instances> tagged(const Tags& tags) override;
  Result<Instances> all() override;

 private:
  aws::Ec2 ec2_;
};

struct Found {
  std::vector<Server> servers;  ///< each once: names in the selector's order, then ids, then tags by name
  std::vector<Missing> missing;
};

/// Looks up every part of the selectors, whatever several of them look for but once; gives what each finds.
/// Instances that are terminated or on the way there are no servers any more. In tag values EC2's wildcards *
/// and ? work. A name that no server has brings those that are near it. Error: aws, where EC2 could not be
/// asked.
Result<std::vector<Found>> find_servers(Directory& directory, const std::vector<const Selector*>& selectors);
Result<Found> find_servers(Directory& directory, const Selector& selector);

/// Terminated, or on the way there.
bool is_gone(const aws::Instance& instance);

}  // namespace lamplighter::tasks
