#include "asl/definition.h"

#include <array>

namespace lamplighter::asl {

std::string_view to_string(StateType type) {
  constexpr std::array<std::string_view, 8> kNames{"Task",     "Pass", "Choice",  "Wait",
                                                   "Parallel", "Map",  "Succeed", "Fail"};
  return kNames[static_cast<std::size_t>(type)];
}

const State* States::find(std::string_view name) const {
  const auto found = states.find(name);
  return found == states.end() ? nullptr : &found->second;
}

}  // namespace lamplighter::asl
