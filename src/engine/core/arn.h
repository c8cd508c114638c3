// The ARNs that the engine makes and takes apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lamplighter::engine {

struct Arns {
  std::string partition;
  std::string region;
  std::string account;

  [[nodiscard]] std::string state_machine(std::string_view name) const;
  [[nodiscard]] std::string execution(std::string_view state_machine_name, std::string_view name) const;
  [[nodiscard]] std::string role(std::string_view name) const;
};

/// The last part of an ARN: a state machine's name, or an execution's.
std::string_view arn_name(std::string_view arn);

/// Whether `name` may name a state machine or an execution: 1 to 80 characters, none that the service
/// forbids.
bool is_valid_name(std::string_view name);

}  // namespace lamplighter::engine
