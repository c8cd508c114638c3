// What the function may do: least privilege, computed from the fleet's servers, topic and roles.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/fleet.h"
#include "json/json.h"

namespace lamplighter::deploy {

/// Where a policy is used: what its ARNs hold in place of the partition and the account.
struct Account {
  std::string partition;
  std::string id;

  /// "${AWS::Partition}" and "${AWS::AccountId}": CloudFormation puts in its own.
  static Account of_stack();
  /// The partition of `region` and the account `id` ("*" for any).
  static Account of_region(const std::string& region, const std::string& id = "*");

  [[nodiscard]] std::string arn(std::string_view service, std::string_view region,
                                std::string_view resource) const;
};

/// Everything that the function itself may do: look at servers and start or stop the fleet's own, mute and
/// unmute alarms, tell whom the fleet tells, agree with other runs, assume the environments' roles, write its
/// log.
json::object function_policy(const fleet::Fleet& fleet, const Account& account);

/// What the role `role_arn`, which some of the environments name, must allow.
json::object role_policy(const fleet::Fleet& fleet, const std::string& role_arn);

/// The environments' roles, each once, in the fleet's order.
std::vector<std::string> environment_roles(const fleet::Fleet& fleet);

/// The policy in as few managed policies as hold it, since IAM allows each 6,144 characters and a role ten
/// of them. Error: bad_input "PolicyTooLarge" with the size.
Result<std::vector<json::object>> split_policy(const json::object& policy);

}  // namespace lamplighter::deploy
