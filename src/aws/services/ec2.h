// Amazon EC2, API version 2016-11-15: the calls that starting and stopping servers takes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client/caller.h"

namespace lamplighter::aws {

/// What DescribeInstances says of one instance.
struct Instance {
  std::string id;
  std::string state;                 ///< pending, running, stopping, stopped, shutting-down, terminated
  std::string state_reason_code;     ///< StateReason/Code, such as "Server.InsufficientInstanceCapacity"
  std::string state_reason_message;  ///< StateReason/Message
  std::string transition_reason;     ///< StateTransitionReason
  std::string launch_time;           ///< of its last start, RFC 3339: "2026-11-24T06:00:00.000Z"
  std::string lifecycle;             ///< "spot", "scheduled", "capacity-block"; "" for on demand
  std::string root_device_type;      ///< "ebs"; "instance-store" can't be stopped
  std::map<std::string, std::string> tags;

  /// The Name tag; "" where there is none.
  [[nodiscard]] std::string name() const;
};

/// What DescribeInstanceStatus says of one instance: "ok", "initializing", "impaired", "insufficient-data",
/// "not-applicable".
struct InstanceStatus {
  std::string id;
  std::string instance_status;
  std::string system_status;
  std::string attached_ebs_status;  ///< of its volumes together; "" from endpoints that do not say
};

/// Those of `ids` that an error's message names, as whole words.
std::vector<std::string> ids_named_in(std::string_view message, const std::vector<std::string>& ids);

struct Filter {
  std::string name;  ///< "tag:Name", "instance-id", "instance-state-name"
  std::vector<std::string> values;
};

/// Calls of one region and role. Keeps a reference to `caller`; cheap to make.
class Ec2 {
 public:
  Ec2(Caller& caller, Target target) : caller_(caller), target_(std::move(target)) {}

  /// All instances that match every filter, across all pages. Filters of more than 200 values are split into
  /// several calls. Terminated instances are among them while EC2 shows them.
  Result<std::vector<Instance>> describe_instances(const std::vector<Filter>& filters);

  /// The status checks of running instances, 100 ids a call; an instance that is not running has no entry,
  /// nor has one that is gone: EC2 refuses a call that names it, so that the others are asked for again.
  Result<std::vector<InstanceStatus>> describe_instance_status(const std::vector<std::string>& ids);

  /// One call for all ids: EC2 accepts or refuses them as a whole. Accepted is not started.
  Status start_instances(const std::vector<std::string>& ids);
  Status stop_instances(const std::vector<std::string>& ids);

 private:
  Caller& caller_;
  Target target_;
};

}  // namespace lamplighter::aws
