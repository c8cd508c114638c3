// The shapes in which EC2 shows a server.
#pragma once

#include <string>
#include <string_view>

#include "json/json.h"
#include "simcloud/simulated_server.h"

namespace lamplighter::simcloud {

// What all servers of the simulated cloud have in common.
inline constexpr std::string_view kInstanceType = "t3.medium";
inline constexpr std::string_view kImageId = "ami-0123456789abcdef0";
inline constexpr std::string_view kVpcId = "vpc-0123456789abcdef0";
inline constexpr std::string_view kSubnetId = "subnet-0123456789abcdef0";
inline constexpr std::string_view kArchitecture = "x86_64";

std::string private_dns_name(const SimulatedServer& server);
/// What a status check says in detail: "passed", "failed", "initializing" or "".
std::string_view reachability(std::string_view status);

/// {code, name}
json::object state_shape(ServerState state);
/// An item of DescribeInstances' reservationSet: each server is a reservation of its own.
json::object reservation_shape(const SimulatedServer& server, std::string_view account);
/// An item of DescribeInstanceStatus' instanceStatusSet.
json::object status_shape(const SimulatedServer& server, Time now);

}  // namespace lamplighter::simcloud
