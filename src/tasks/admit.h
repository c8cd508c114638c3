// The task `admit`: it opens an environment's branch, and fixes which servers its phases have.
#pragma once

#include "base/result.h"
#include "tasks/protocol/admit.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// Only looks. Error: aws, where EC2, or STS for the account, could not be asked.
Result<AdmitAnswer> admit(const Context& context, const AdmitPayload& task);

}  // namespace lamplighter::tasks
