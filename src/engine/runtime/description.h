// What is told of an execution: its row, and what only its history holds. What is damaged doesn't hide the
// rest.
#pragma once

#include "base/result.h"
#include "engine/core/records.h"
#include "engine/store/store.h"
#include "json/json.h"

namespace lamplighter::engine {

/// What its row says.
Execution to_execution(const ExecutionRow& row);

/// With its input, and how it ended. Errors: as Store's, but not kDamaged: that is told of the execution.
Result<Execution> describe(Store& store, const ExecutionRow& row);

/// Adds how an ended execution ended. Errors: as describe().
Status add_end(Store& store, const ExecutionRow& row, Execution& out);

/// That the last event of an ended execution is its end. Error: kDamaged.
Status check_end(const ExecutionRow& row, const Event* last);

}  // namespace lamplighter::engine
