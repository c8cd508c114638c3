#include "tasks/admission/claim.h"

#include <fmt/format.h>

#include "tasks/protocol/execution_name.h"
#include "tasks/protocol/timeouts.h"

namespace lamplighter::tasks {
namespace {

ClaimStep act() { return {ClaimStep::Kind::act}; }
ClaimStep write(Lease lease) { return {ClaimStep::Kind::write, std::move(lease)}; }
ClaimStep wait(std::string why) { return {ClaimStep::Kind::wait, {}, std::move(why)}; }
ClaimStep give_up(std::string why) { return {ClaimStep::Kind::give_up, {}, std::move(why)}; }

bool is_newer(const Contender& one, const Contender& other, Time now) {
  if (one.started > now + kClocksDiffer) return false;
  return std::tie(one.started, one.execution) > std::tie(other.started, other.execution);
}

/// The holder has ended, or has not been heard of for as long as it said that it would hold.
bool is_silent(const Lease& lease, const SeenLease& seen, Standing standing) {
  return standing == Standing::over || seen.seconds >= lease.holds;
}

/// Whoever held it may be acting until it says otherwise; where the holder itself hasn't begun, the one
/// before it.
ClaimStep take(Lease lease, const Claim& claim) {
  if (!is_awaiting(lease)) {
    const bool free = lease.state == LeaseState::released;
    lease.awaited = free ? 0 : lease.generation;
    lease.awaited_execution = free ? "" : lease.holder.execution;
  }
  ++lease.generation;
  lease.holder = claim.contender;
  if (!is_newer(lease.newest, claim.contender, claim.now)) lease.newest = claim.contender;
  lease.state = LeaseState::held;
  lease.beat = 0;
  lease.holds = claim.holds;
  return write(std::move(lease));
}

/// It holds the lease, and acts once those before it can't.
ClaimStep begin(Lease lease, const SeenLease& seen, Standing standing) {
  if (lease.awaited == 0) return act();
  const bool quiet = standing == Standing::between || standing == Standing::over;
  if (is_awaiting(lease) && !quiet && seen.seconds < kReconcileTimeout.count()) {
    return wait(
        fmt::format("waiting until {} changes nothing any more", execution_name(lease.awaited_execution)));
  }
  lease.awaited = 0;
  lease.awaited_execution.clear();
  return write(std::move(lease));
}

ClaimStep meet_holder(const Lease& lease, const Claim& claim, const SeenLease& seen, Standing standing) {
  if (is_silent(lease, seen, standing)) return take(lease, claim);
  if (claim.on_conflict == OnConflict::refuse)
    return give_up(doing(lease.holder) + ", and --refuse was said");
  if (lease.holder.action == claim.contender.action || claim.on_conflict == OnConflict::wait) {
    return wait("waiting while " + doing(lease.holder));
  }
  return take(lease, claim);
}

}  // namespace

SeenLease seen_now(const SeenLease& before, const Lease& lease) {
  if (before.generation == lease.generation && before.beat == lease.beat) return before;
  return {lease.generation, lease.beat, 0, before.waited};
}

std::string in_the_way(const Lease& lease, const Claim& claim) {
  if (lease.holder.execution == claim.contender.execution)
    return is_awaiting(lease) ? lease.awaited_execution : "";
  return lease.state == LeaseState::held ? lease.holder.execution : "";
}

ClaimStep next_step(const Lease& lease, const Claim& claim, const SeenLease& seen, Standing standing) {
  if (const auto by = cancelled_by(lease, claim.contender.execution); !by.empty()) {
    return give_up("cancelled by " + by);
  }
  if (lease.generation == 0) return take(lease, claim);
  if (lease.holder.execution == claim.contender.execution) return begin(lease, seen, standing);
  if (is_newer(lease.newest, claim.contender, claim.now) && lease.newest.action != claim.contender.action) {
    return give_up(superseded_by(lease.newest));
  }
  if (lease.state != LeaseState::held) return take(lease, claim);
  return meet_holder(lease, claim, seen, standing);
}

}  // namespace lamplighter::tasks
