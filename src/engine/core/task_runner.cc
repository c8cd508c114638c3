#include "engine/core/task_runner.h"

#include <exception>

#include "base/utf8.h"

namespace lamplighter::engine {

TaskResult run_guarded(TaskRunner& runner, const TaskRequest& request) {
  constexpr const char* kError = "States.TaskFailed";
  try {
    return runner.run(request);
  } catch (const std::exception& thrown) {
    return tl::unexpected(TaskFailure{kError, mend_utf8(thrown.what())});
  } catch (...) {  // nothing that a task throws may end the process
    return tl::unexpected(TaskFailure{kError, "the task threw something unknown"});
  }
}

}  // namespace lamplighter::engine
