// Where AWS is called for servers, and as whom.
#pragma once

#include "aws/client/caller.h"

namespace lamplighter::tasks {

/// For what names a region and a role: a ReconcilePayload, a ReportEnvironment.
template <class Placed>
aws::Target target_of(const Placed& placed) {
  return {placed.region, placed.role_arn};
}

}  // namespace lamplighter::tasks
