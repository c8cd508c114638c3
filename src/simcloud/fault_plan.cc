#include "simcloud/fault_plan.h"

#include <algorithm>

#include <fmt/format.h>

namespace lamplighter::simcloud {

FaultPlan::FaultPlan(const std::vector<Fault>& faults, const Random& random)
    : random_(random.fork("resets")) {
  for (const Fault& fault : faults) {
    armed_.push_back({fault, fault.times, random.fork(fmt::format("fault {}", armed_.size()))});
  }
}

bool FaultPlan::use(Armed& armed) {
  if (armed.left == 0) return false;
  if (armed.left > 0) --armed.left;
  return true;
}

bool FaultPlan::strikes(FaultKind kind, std::string_view server) {
  return std::any_of(armed_.begin(), armed_.end(), [&](Armed& armed) {
    return armed.fault.kind == kind && armed.fault.server == server && use(armed);
  });
}

std::optional<FaultKind> FaultPlan::strikes_call() {
  std::optional<FaultKind> struck;
  for (Armed& armed : armed_) {
    if (!armed.fault.server.empty()) continue;
    // Each fault draws once a call, whatever the others do, so that adding one does not shift another.
    const bool drawn = armed.random.chance(armed.fault.probability);
    if (drawn && !struck && use(armed)) struck = armed.fault.kind;
  }
  return struck;
}

bool FaultPlan::lasts(FaultKind kind, std::string_view server) const {
  return std::any_of(armed_.begin(), armed_.end(), [&](const Armed& armed) {
    return armed.fault.kind == kind && armed.fault.server == server && armed.fault.times < 0;
  });
}

}  // namespace lamplighter::simcloud
