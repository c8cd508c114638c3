#include "tasks/protocol/execution_name.h"

namespace lamplighter::tasks {
namespace {

constexpr char kSeparator = '#';  // no ARN has it

}  // namespace

std::string execution_name(std::string_view execution) {
  const auto arn = execution.substr(0, execution.find(kSeparator));
  return std::string(arn.substr(arn.rfind(':') + 1));
}

std::string holder_name(const std::string& execution, std::string_view engine) {
  return engine.empty() ? execution : execution + kSeparator + std::string(engine);
}

HolderName read_holder_name(std::string_view holder) {
  const auto end = holder.find(kSeparator);
  if (end == std::string_view::npos) return {std::string(holder), ""};
  return {std::string(holder.substr(0, end)), std::string(holder.substr(end + 1))};
}

}  // namespace lamplighter::tasks
