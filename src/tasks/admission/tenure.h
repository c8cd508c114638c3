// What an execution does with the lease that it holds: makes sure of it before it changes anything, renews
// it, and gives it back.
#pragma once

#include <cstdint>
#include <string>

#include "tasks/admission/lease.h"

namespace lamplighter::tasks {

/// A lease as its execution knows it.
struct Tenure {
  std::string environment;
  std::string execution;
  std::uint64_t generation = 0;
};

/// What became of it.
struct Hold {
  std::string lost;  ///< "superseded by …", "cancelled by …"; "" where it stands
  LeaseItem item{};  ///< as it was read
};

/// Before anything is changed. A lease that is lost is left at once: whoever took it may begin. Errors: as
/// Leases'; then nothing may be changed.
Result<Hold> make_sure(Leases& leases, const Tenure& tenure);

/// Renews a lease that was found standing where less than half of what it holds is left, or less than
/// `needed` seconds; `age` seconds, at least, have passed since the last renewal. Gives the age that it has
/// now. A renewal that fails is none: the next look tries again.
int renew(Leases& leases, const Tenure& tenure, const Hold& hold, int age, int needed);

/// The report has looked (`reported`), or all is done (`released`). Gives the lease as it is then:
/// another's where it was lost (is_own()). Errors: as Leases'.
Result<Lease> give_back(Leases& leases, const Tenure& tenure, LeaseState state);

bool is_own(const Lease& lease, const Tenure& tenure);

/// Tells an execution to halt the environment. Errors: as Leases'.
Status cancel(Leases& leases, const std::string& environment, const Cancellation& cancellation);

}  // namespace lamplighter::tasks
