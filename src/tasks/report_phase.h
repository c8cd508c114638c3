// One phase's part of a report: what the run knew of it, beside how it is now.
#pragma once

#include "tasks/last_look.h"
#include "tasks/protocol/report_answer.h"

namespace lamplighter::tasks {

/// The last look decides: a phase that was ready and has a server that isn't in the wanted state now has
/// failed, and each such server says what happened to it. Where nobody can tell, it has failed too.
ReportedPhase report_phase(Action action, const DescribedPhase& phase, const BranchEnd& end,
                           const Result<PhaseSight>& sight);

/// As its branch left it, where another execution has it now.
ReportedPhase report_known(Action action, const DescribedPhase& phase, const BranchEnd& end);

}  // namespace lamplighter::tasks
