#include "tasks/branch_tenure.h"

#include "tasks/protocol/timeouts.h"

namespace lamplighter::tasks {
namespace {

/// What may pass beside the waits: the look itself, and one that is cut off and made again.
constexpr int kMargin = 3 * static_cast<int>(kReconcileTimeout.count());

}  // namespace

BranchTenure::BranchTenure(const Context& context, const ReconcilePayload& task)
    : task_(task),
      leases_(context, task.coordination, task.fleet),
      tenure_{task.environment, leases_.holder(task.execution), task.lease.generation} {}

Result<std::string> BranchTenure::lost() {
  if (tenure_.generation == 0 || leases_.get() == nullptr) return std::string();
  hold_ = TRY(make_sure(*leases_.get(), tenure_));
  return hold_.lost;
}

BranchLease BranchTenure::kept(int wait_seconds) {
  if (hold_.item.version == 0) return task_.lease;
  const int age =
      renew(*leases_.get(), tenure_, hold_, task_.lease.age, wait_seconds + task_.settle + kMargin);
  return {tenure_.generation, age + wait_seconds};
}

}  // namespace lamplighter::tasks
