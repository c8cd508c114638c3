// A branch's hold on its lease during one look at a phase.
#pragma once

#include <string>

#include "tasks/admission/tenure.h"
#include "tasks/fleet_leases.h"
#include "tasks/protocol/payload.h"

namespace lamplighter::tasks {

/// Seconds that a lease holds when it is taken.
inline constexpr int kFirstHold = 600;

/// Refers to the context and the task. For one thread.
class BranchTenure {
 public:
  BranchTenure(const Context& context, const ReconcilePayload& task);

  /// Before anything is changed: "" while the environment is the branch's own, else who took it. Errors: as
  /// Leases'; then nothing may be changed.
  Result<std::string> lost();
  /// Renewed where it must be, after a look that lost() let be made: it holds until the next, in
  /// `wait_seconds`.
  BranchLease kept(int wait_seconds);

 private:
  const ReconcilePayload& task_;
  FleetLeases leases_;
  Tenure tenure_;
  Hold hold_;
};

}  // namespace lamplighter::tasks
