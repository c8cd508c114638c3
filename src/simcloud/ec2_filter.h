// The filters of EC2's Describe calls: which there are, and which servers they let through.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simcloud/call.h"
#include "simcloud/simulated_server.h"

namespace lamplighter::simcloud {

struct Ec2Filter {
  std::string name;
  std::vector<std::string> values;  ///< with EC2's wildcards: * and ?, quoted by a backslash
};

/// The filters of a call. Error: a filter that neither begins with "tag:" nor is among `known`, or more than
/// 200 values.
tl::expected<std::vector<Ec2Filter>, ApiError> read_filters(const CallParameters& parameters,
                                                            bool (*known)(std::string_view name));

/// Does one of the filter's values match one of `values`?
bool matches(const Ec2Filter& filter, const std::vector<std::string>& values);

/// The filters of DescribeInstances, and what a server has for one of them.
bool is_instance_filter(std::string_view name);
std::vector<std::string> instance_filter_values(const SimulatedServer& server, std::string_view account,
                                                std::string_view name);

/// The filters of DescribeInstanceStatus.
bool is_status_filter(std::string_view name);
std::vector<std::string> status_filter_values(const SimulatedServer& server, Time now, std::string_view name);

}  // namespace lamplighter::simcloud
