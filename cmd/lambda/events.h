// What the Lambda function does with an event: the tasks of a state machine, or a classic event.
#pragma once

#include <string>

#include "action/classic.h"
#include "action/task.h"
#include "base/json.h"
#include "base/result.h"
#include "lambda/log.h"
#include "lambda/runtime_api.h"

namespace lamplighter::cmd {

/// Keeps references to what `context` refers to and to `log`.
class Events {
 public:
  Events(const action::Context& context, action::ClassicFleet classic, lambda::Log& log)
      : context_(context), classic_(std::move(classic)), log_(log) {}

  /// The answer as JSON text; logged, as is an error. Error: bad_input for an event that is none of
  /// docs/tasks.md or docs/lambda.md, with nothing started or stopped; else as run_task and run_classic.
  Result<std::string> handle(const lambda::Invocation& invocation);

 private:
  Result<json::value> dispatch(const lambda::Invocation& invocation, const json::value& event);

  action::Context context_;
  action::ClassicFleet classic_;
  lambda::Log& log_;
};

}  // namespace lamplighter::cmd
