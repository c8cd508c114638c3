// Runs what Task states ask for: the function `lamplighter` is this binary's own task handler, any other name
// is invoked through the Lambda API. Answers and failures have the shapes that Step Functions gives them.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "aws/services/lambda.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/core/task_runner.h"
#include "json/json.h"

namespace lamplighter::run {

/// The name of the function that is handled in-process.
inline constexpr std::string_view kOwnFunction = "lamplighter";

/// Both are called from several threads at once. `clock` measures durations on the engine's line, so that
/// what one task remembers holds for the next, also in another process; `again` is as engine::TaskRequest's.
using OwnHandler = std::function<Result<json::value>(const json::value& payload, Clock& clock, bool again)>;
using Invoke = std::function<Result<aws::Invocation>(const std::string& function, const std::string& payload,
                                                     std::chrono::milliseconds timeout)>;

/// Resources: "arn:aws:states:::lambda:invoke" (arguments {FunctionName, Payload, Qualifier}; the output is
/// the whole answer with its metadata) and a function's ARN (the arguments are the payload, the output its
/// result).
///
/// Failures: the function's own errorType, with its answer as the cause; "Lambda.Unknown" where it names
/// none; "Lambda.CODE" where the Lambda API refused; "Lambda.SdkClientException" where it could not be
/// reached.
class LambdaTasks final : public engine::TaskRunner {
 public:
  /// `clock` must outlive the runner.
  LambdaTasks(OwnHandler own_handler, Invoke invoke, Clock& clock)
      : own_handler_(std::move(own_handler)), invoke_(std::move(invoke)), clock_(clock) {}

  engine::TaskResult run(const engine::TaskRequest& request) override;

 private:
  [[nodiscard]] tl::expected<aws::Invocation, engine::TaskFailure> call(
      const std::string& function, const engine::Payload& payload, const engine::TaskRequest& request) const;

  OwnHandler own_handler_;
  Invoke invoke_;
  Clock& clock_;
};

}  // namespace lamplighter::run
