#include "engine/core/arn.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/arn.h"

namespace lamplighter::engine {

std::string Arns::state_machine(std::string_view name) const {
  return Arn{partition, "states", region, account, fmt::format("stateMachine:{}", name)}.text();
}

std::string Arns::execution(std::string_view state_machine_name, std::string_view name) const {
  return Arn{partition, "states", region, account, fmt::format("execution:{}:{}", state_machine_name, name)}
      .text();
}

std::string Arns::role(std::string_view name) const {
  return Arn{partition, "iam", "", account, fmt::format("role/{}", name)}.text();
}

std::string_view arn_name(std::string_view arn) { return arn.substr(arn.rfind(':') + 1); }

bool is_valid_name(std::string_view name) {
  constexpr std::string_view kForbidden = " \t\r\n<>{}[]?*\"#%\\^|~`$&,;:/";
  const auto forbidden = [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || kForbidden.find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= 80 && std::none_of(name.begin(), name.end(), forbidden);
}

}  // namespace lamplighter::engine
