// What the core needs of Task states beside their kind: a task begins, ends, and may have to be run again.
#pragma once

#include "engine/core/identity.h"
#include "engine/core/strand.h"
#include "engine/core/task_runner.h"
#include "engine/core/timeline.h"

namespace lamplighter::engine {

class StateContext;

/// The strand's task has begun. One that had begun before stays as it is.
void begin_task(StateContext& context, const Strand& strand);

/// The strand's task has ended.
void end_task(StateContext& context, const Strand& strand, const TaskResult& result);

/// The strand's task as it is to be run, with the time that is left to it.
TaskRequest task_request(const Identity& identity, const Strand& strand, const Now& now);

}  // namespace lamplighter::engine
