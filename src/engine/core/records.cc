#include "engine/core/records.h"

#include <array>

namespace lamplighter::engine {
namespace {

constexpr std::array<std::string_view, 5> kStatuses{"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"};

}  // namespace

std::string_view to_string(ExecutionStatus status) { return kStatuses[static_cast<std::size_t>(status)]; }

std::optional<ExecutionStatus> parse_status(std::string_view text) {
  for (std::size_t i = 0; i < kStatuses.size(); ++i) {
    if (kStatuses[i] == text) return static_cast<ExecutionStatus>(i);
  }
  return std::nullopt;
}

}  // namespace lamplighter::engine
