#include "simcloud/ec2_refusal.h"

#include <fmt/format.h>

#include "base/arn.h"
#include "simcloud/ec2_shape.h"

namespace lamplighter::simcloud {
namespace {

std::optional<ApiError> not_in_state(const SimulatedServer& server, std::string_view verb) {
  return ApiError{
      400, "IncorrectInstanceState",
      fmt::format("The instance '{}' is not in a state from which it can be {}.", server.id, verb)};
}

}  // namespace

std::optional<ApiError> denial(World& world, const Call& call, const SimulatedServer& server) {
  if (!world.faults.strikes(FaultKind::denied, server.name())) return std::nullopt;
  const auto resource = arn_in(call.region, "ec2", world.account, "instance/" + server.id);
  return ApiError{
      403, "UnauthorizedOperation",
      fmt::format("You are not authorized to perform this operation. User: arn:{}:iam::{}:user/simulated is "
                  "not authorized to perform: ec2:{} on resource: {} with an explicit deny in an "
                  "identity-based policy. Encoded authorization failure message: {:016x}",
                  resource.partition, world.account, call.action, resource.text(),
                  world.random.fork("encoded message").next())};
}

std::optional<ApiError> refusal_to_start(World& world, const SimulatedServer& server) {
  if (server.state() == ServerState::stopping) return not_in_state(server, "started");
  if (server.state() != ServerState::stopped) return std::nullopt;
  if (world.faults.strikes(FaultKind::capacity, server.name())) {
    return ApiError{
        500, "InsufficientInstanceCapacity",
        fmt::format(
            "We currently do not have sufficient {} capacity in the Availability Zone you requested ({}). "
            "Our system will be working on provisioning additional capacity.",
            kInstanceType, server.availability_zone)};
  }
  if (world.faults.strikes(FaultKind::no_host, server.name())) {
    return ApiError{500, "InsufficientHostCapacity",
                    "There is not enough capacity on the Dedicated Host to start the instance."};
  }
  return std::nullopt;
}

std::optional<ApiError> refusal_to_stop(World& world, const SimulatedServer& server) {
  if (server.state() == ServerState::pending) return not_in_state(server, "stopped");
  if (server.state() != ServerState::running) return std::nullopt;
  if (world.faults.strikes(FaultKind::stop_protected, server.name())) {
    return ApiError{400, "OperationNotPermitted",
                    fmt::format("The instance '{}' may not be stopped. Modify its 'disableApiStop' instance "
                                "attribute and try again.",
                                server.id)};
  }
  if (world.faults.strikes(FaultKind::one_time_spot, server.name())) {
    return ApiError{400, "UnsupportedOperation",
                    fmt::format("You can't stop the Spot Instance '{}' because it is associated with a "
                                "one-time Spot Instance request. You can only stop Spot Instances associated "
                                "with persistent Spot Instance requests.",
                                server.id)};
  }
  if (world.faults.strikes(FaultKind::instance_store, server.name())) {
    return ApiError{
        400, "UnsupportedOperation",
        fmt::format("The instance '{}' does not have an 'ebs' root device type and cannot be stopped.",
                    server.id)};
  }
  return std::nullopt;
}

}  // namespace lamplighter::simcloud
