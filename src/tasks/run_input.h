// What an execution may be given as its input (docs/tasks.md).
#pragma once

#include "base/result.h"
#include "json/json.h"

namespace lamplighter::tasks {

/// A mistake in it is not to become a run of everything. Error: bad_input "InvalidInput" for another member
/// than those that are known, and for environments that are no list of names, an occurrence that is none.
Status check_run_input(const json::value& input);

}  // namespace lamplighter::tasks
