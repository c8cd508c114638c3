// What an environment's branch ends with (docs/tasks.md), and what a report is given of it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/membership.h"
#include "tasks/protocol/reconcile_answer.h"

namespace lamplighter::tasks {

struct BranchEnd {
  std::string environment;
  bool skipped = false;  ///< it was not chosen, or somebody decided so: then there is a reason
  bool halted = false;
  std::string phase;  ///< the one that halted it
  std::string reason{};
  Memberships members;  ///< empty where it was not admitted
  BranchLease lease{};
  std::vector<PhaseAnswer> phases;  ///< that were worked on, the one that halted it included

  /// Whether a report tells of it.
  [[nodiscard]] bool was_wanted() const { return !skipped || !reason.empty(); }

  friend bool operator==(const BranchEnd&, const BranchEnd&) = default;
};

json::object to_json(const BranchEnd& end);

/// As tolerant as read_reconcile_answer(). Error: bad_input kInvalidAnswer.
Result<BranchEnd> read_branch_end(const json::value& end);

}  // namespace lamplighter::tasks
