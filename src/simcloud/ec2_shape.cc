#include "simcloud/ec2_shape.h"

#include <algorithm>

#include <fmt/format.h>

namespace lamplighter::simcloud {
namespace {

json::object instance_shape(const SimulatedServer& server) {
  json::object instance{
      {"instanceId", server.id},
      {"imageId", kImageId},
      {"instanceState", state_shape(server.state())},
      {"privateDnsName", private_dns_name(server)},
      {"reason", server.transition_reason},
      {"amiLaunchIndex", 0},
      {"instanceType", kInstanceType},
      {"launchTime", format_time(server.launched)},
      {"placement",
       {{"availabilityZone", server.availability_zone}, {"groupName", ""}, {"tenancy", "default"}}},
      {"monitoring", {{"state", "disabled"}}},
      {"subnetId", kSubnetId},
      {"vpcId", kVpcId},
      {"privateIpAddress", server.private_ip},
      {"architecture", kArchitecture},
      {"rootDeviceType", server.root_device_type},
      {"rootDeviceName", "/dev/xvda"}};
  if (server.is_spot) instance["instanceLifecycle"] = "spot";
  if (!server.state_reason_code.empty()) {
    instance["stateReason"] = {{"code", server.state_reason_code}, {"message", server.state_reason_message}};
  }
  json::array tags;
  for (const auto& [key, value] : server.tags) tags.push_back({{"key", key}, {"value", value}});
  instance["tagSet"] = std::move(tags);
  return instance;
}

json::object check_shape(std::string_view status) {
  json::object check{{"status", status}};
  if (const std::string_view detail = reachability(status); !detail.empty()) {
    check["details"] = json::array{{{"name", "reachability"}, {"status", detail}}};
  }
  return check;
}

}  // namespace

std::string private_dns_name(const SimulatedServer& server) {
  std::string host = server.private_ip;
  std::replace(host.begin(), host.end(), '.', '-');
  return fmt::format("ip-{}.{}.compute.internal", host, server.region);
}

std::string_view reachability(std::string_view status) {
  if (status == "ok") return "passed";
  if (status == "impaired") return "failed";
  if (status == "initializing") return "initializing";
  return "";
}

json::object state_shape(ServerState state) {
  return {{"code", state_code(state)}, {"name", to_string(state)}};
}

json::object reservation_shape(const SimulatedServer& server, std::string_view account) {
  return {{"reservationId", server.reservation_id},
          {"ownerId", account},
          {"groupSet", json::array{}},
          {"instancesSet", json::array{instance_shape(server)}}};
}

json::object status_shape(const SimulatedServer& server, Time now) {
  return {{"instanceId", server.id},
          {"availabilityZone", server.availability_zone},
          {"instanceState", state_shape(server.state())},
          {"systemStatus", check_shape(server.system_status(now))},
          {"instanceStatus", check_shape(server.instance_status(now))},
          {"attachedEbsStatus", check_shape(server.attached_ebs_status(now))}};
}

}  // namespace lamplighter::simcloud
