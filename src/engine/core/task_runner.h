// The engine's only way out: the work that a Task state asks for.
#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

#include "base/clock.h"
#include "engine/core/payload.h"

namespace lamplighter::engine {

/// One attempt of one Task state.
struct TaskRequest {
  std::string execution_id;   ///< the execution's ARN
  std::uint64_t task_id = 0;  ///< unique in its execution: the id of its TaskScheduled event
  std::string resource;       ///< "arn:aws:states:::lambda:invoke", or a bare Lambda function's ARN
  Payload arguments;          ///< the evaluated Arguments: {FunctionName, Payload}, or the function's payload
  std::string role_arn;       ///< Credentials.RoleArn; "" for none
  Duration timeout{};         ///< the engine gives up on it so long after it has begun
  /// An earlier process may have run it, in part or to its end, without leaving a result.
  bool again = false;
  Time begun{};  ///< set as it begins: on the engine's own line (timeline.h), which outlives the process
};

/// The task's output, or States-language error name and cause.
///   arn:aws:states:::lambda:invoke   {ExecutedVersion, Payload, SdkHttpMetadata, SdkResponseMetadata,
///   StatusCode} a bare Lambda ARN                the function's own answer
/// A function that raised: error its errorType, cause the body that it answered, as text.
struct TaskFailure {
  std::string error;
  std::string cause;
};
using TaskResult = tl::expected<Payload, TaskFailure>;

/// Runs tasks. The real driver calls it from its worker pool, the simulation driver in line.
class TaskRunner {
 public:
  virtual ~TaskRunner() = default;
  /// Does the task and gives its result. Called from several threads at once by the real driver. A task that
  /// was running when the process died is run again, and told so: it must be idempotent. What it throws fails
  /// the task.
  virtual TaskResult run(const TaskRequest& request) = 0;
};

/// Runs a task, whatever becomes of it: an exception is a failure of it like any other (States.TaskFailed).
TaskResult run_guarded(TaskRunner& runner, const TaskRequest& request);

}  // namespace lamplighter::engine
