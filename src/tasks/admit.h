// The task `admit`: it opens an environment's branch, and fixes which servers its phases have.
#pragma once

#include "base/result.h"
#include "tasks/protocol/admit.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// Changes nothing but the environment's lease. Errors: aws, where EC2, or STS for the account, could not be
/// asked; those of the table of leases.
Result<AdmitAnswer> admit(const Context& context, const AdmitPayload& task);

}  // namespace lamplighter::tasks
