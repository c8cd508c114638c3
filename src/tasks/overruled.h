// Whether what people have decided lets a run begin on an environment: calendars and overrides, asked in one
// place, before the environment's lease is claimed.
#pragma once

#include "base/result.h"
#include "tasks/admission/ruling.h"
#include "tasks/fleet_leases.h"
#include "tasks/protocol/admit.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// One that has taken the lease already goes ahead: another run has given way to it. Errors: the table's;
/// then nothing may be begun.
Result<Ruling> overruled(const Context& context, FleetLeases& leases, const AdmitPayload& task);

}  // namespace lamplighter::tasks
