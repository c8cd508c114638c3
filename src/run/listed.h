// Executions as a list shows them: who started each, and what it left alone.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "run/desk.h"
#include "run/passed_over.h"

namespace lamplighter::run {

struct Listed {
  engine::Execution execution;
  std::optional<PassedOver> passed_over;  ///< of the newest that have reported
};

/// Newest first. Lists say little: the newest are described, the newest 100, on AWS 20. Errors: the
/// executions'.
Result<std::vector<Listed>> listed_at(Desk& desk, const Place& place);

}  // namespace lamplighter::run
