// How an execution comes by the lease on an environment: what it does next, as a pure function of the lease
// and of how long it has been seen so.
#pragma once

#include <string>

#include "tasks/admission/holders.h"
#include "tasks/admission/lease.h"
#include "tasks/protocol/admit.h"

namespace lamplighter::tasks {

struct Claim {
  Contender contender;
  OnConflict on_conflict = OnConflict::takeover;
  int holds = 0;  ///< seconds that the lease is to hold from now
  Time now{};     ///< what is said to have begun well after it counts as newer than nothing
};

/// `before`, where the lease is as it was then; else none has passed yet.
SeenLease seen_now(const SeenLease& before, const Lease& lease);

/// What a claim does next.
struct ClaimStep {
  enum class Kind {
    act,     ///< the environment is its own
    write,   ///< put `lease`, then look again
    wait,    ///< look again later; `why`
    give_up  ///< halt the environment; `why`
  };
  Kind kind = Kind::wait;
  Lease lease{};
  std::string why{};
};

/// `standing` is that of the lease's awaited execution where the claim holds it, else of its holder
/// (in_the_way()).
ClaimStep next_step(const Lease& lease, const Claim& claim, const SeenLease& seen, Standing standing);
/// The execution whose standing next_step() wants; "" for none.
std::string in_the_way(const Lease& lease, const Claim& claim);

}  // namespace lamplighter::tasks
