// One look of an execution that wants an environment: takes its lease, or says what it waits for.
#pragma once

#include <cstdint>
#include <string>

#include "tasks/admission/claim.h"

namespace lamplighter::tasks {

/// How far a claim is.
struct Claimed {
  enum class Kind { admitted, waiting, refused };
  Kind kind = Kind::waiting;
  std::uint64_t generation = 0;  ///< of an admitted one
  SeenLease seen{};              ///< of a waiting one: for its next look, after `wait_seconds`
  int wait_seconds = 1;
  std::string why{};  ///< of the others
};

/// Errors: as Leases'; then nothing may be changed.
Result<Claimed> claim_lease(Leases& leases, const std::string& environment, const Claim& claim,
                            const SeenLease& before, const Holders& holders);

}  // namespace lamplighter::tasks
