// What the Lambda function does with an event: the tasks of a state machine, or a classic event.
#pragma once

#include <string>

#include "base/result.h"
#include "json/json.h"
#include "lambda_runtime/log.h"
#include "lambda_runtime/runtime_api.h"
#include "tasks/classic/classic.h"
#include "tasks/task.h"

namespace lamplighter::cli {

/// Keeps references to what `context` refers to and to `log`.
class Events {
 public:
  Events(const tasks::Context& context, tasks::ClassicFleet classic, lambda_runtime::Log& log)
      : context_(context), classic_(std::move(classic)), log_(log) {
    context_.in_lambda = true;
  }

  /// The answer as JSON text; logged, as is an error. Error: bad_input for an event that is none of
  /// docs/tasks.md or docs/lambda.md, with nothing started or stopped; else as run_task and run_classic.
  Result<std::string> handle(const lambda_runtime::Invocation& invocation);

 private:
  Result<json::value> dispatch(const lambda_runtime::Invocation& invocation, const json::value& event);

  tasks::Context context_;
  tasks::ClassicFleet classic_;
  lambda_runtime::Log& log_;
};

}  // namespace lamplighter::cli
