#include "tasks/admission/claiming.h"

#include <algorithm>

#include <fmt/format.h>

namespace lamplighter::tasks {
namespace {

constexpr int kTries = 8;  // steps of one look: taking and beginning are two, each may have to be repeated
constexpr int kShortestWait = 2;  // seconds
constexpr int kLongestWait = 900;
constexpr int kPatience = 2 * 3'600;

/// Soon at first, for whoever is taken over leaves at its next look; then at doubled distances: events count.
Claimed waiting(SeenLease seen, std::string why) {
  const int wait = std::clamp(seen.waited, kShortestWait, kLongestWait);
  seen.seconds += wait;
  seen.waited += wait;
  return {Claimed::Kind::waiting, 0, seen, wait, std::move(why)};
}

/// What gives up before it has begun leaves the environment to others; those it waited for may still act.
Result<bool> release(Leases& leases, const std::string& environment, LeaseItem item, const Claim& claim) {
  if (item.lease.holder.execution != claim.contender.execution || item.lease.state == LeaseState::released)
    return true;
  item.lease.state = LeaseState::released;
  return leases.replace(environment, item.version, item.lease);
}

}  // namespace

Result<Claimed> claim_lease(Leases& leases, const std::string& environment, const Claim& claim,
                            const SeenLease& before, const Holders& holders) {
  SeenLease seen = before;
  LeaseItem item = TRY(leases.read(environment));
  for (int i = 0; i < kTries; ++i) {
    seen = seen_now(seen, item.lease);
    const std::string other = in_the_way(item.lease, claim);
    const Standing standing = other.empty() ? Standing::unknown : holders.standing(other, environment);
    ClaimStep step = next_step(item.lease, claim, seen, standing);
    if (step.kind == ClaimStep::Kind::wait && seen.waited >= kPatience) {
      step = {ClaimStep::Kind::give_up, {}, "gave up " + step.why};
    }
    switch (step.kind) {
      case ClaimStep::Kind::act:
        return Claimed{Claimed::Kind::admitted, item.lease.generation};
      case ClaimStep::Kind::write:
        if (TRY(leases.replace(environment, item.version, step.lease))) {
          item = {std::move(step.lease), item.version + 1};
        } else {
          item = TRY(leases.read(environment));
        }
        break;
      case ClaimStep::Kind::wait:
        return waiting(seen, std::move(step.why));
      case ClaimStep::Kind::give_up:
        if (TRY(release(leases, environment, item, claim)))
          return Claimed{Claimed::Kind::refused, 0, {}, 1, std::move(step.why)};
        item = TRY(leases.read(environment));
    }
  }
  return waiting(seen, fmt::format("the lease on {} is changed by others all the time", environment));
}

}  // namespace lamplighter::tasks
