// The look at everything with which a run ends: what it says decides (docs/tasks.md).
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "tasks/look.h"
#include "tasks/protocol/branch_end.h"
#include "tasks/protocol/payload.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// How one phase is now.
struct PhaseSight {
  std::vector<SeenServer> servers;  ///< its members; where it was never admitted, what its selector finds
  std::vector<Missing> missing;
  std::vector<std::string> notes;  ///< of servers that are not the run's: left alone, or come since
};

/// By environment and phase.
using Sights = std::map<std::pair<std::string, std::string>, Result<PhaseSight>>;

/// Looks at the phases of all environments in `ends`, by region and role, for as long as a report may: a dark
/// one takes its own share of the time, and no more. Changes nothing.
Sights look_at_all(const Context& context, const ReportPayload& task, const std::vector<BranchEnd>& ends);

}  // namespace lamplighter::tasks
