// AWS Lambda's Invoke API, version 2015-03-31.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "aws/client/session.h"

namespace lamplighter::aws {

/// Which function: from a name, "name:alias" or an ARN. Calls go by name: curl 7.88 signs no path with
/// colons.
struct FunctionName {
  std::string name;
  std::string qualifier;  ///< version or alias; "" for the unpublished one
  std::string region;     ///< of an ARN; "" otherwise
};

/// Error: bad_input "InvalidFunctionName".
Result<FunctionName> parse_function_name(std::string_view text);

/// The answer of a function that ran, be it to its end or to an error of its own.
struct Invocation {
  int status = 0;                ///< HTTP status, 200
  std::string function_error;    ///< X-Amz-Function-Error: "" for a success, else "Unhandled" or "Handled"
  std::string executed_version;  ///< "$LATEST" or a number
  std::string payload;           ///< JSON: the result, or {errorType, errorMessage, …}
};

/// Calls of one region and role. Keeps a reference to `session`; cheap to make.
class Lambda {
 public:
  Lambda(Session& session, Target target) : session_(session), target_(std::move(target)) {}

  /// Runs `function` and waits for its answer, `timeout` an attempt. Error: aws, where the function could not
  /// be run ("ResourceNotFoundException", "TooManyRequestsException", …).
  Result<Invocation> invoke(std::string_view function, std::string payload,
                            std::chrono::milliseconds timeout = std::chrono::minutes(15));

 private:
  Session& session_;
  Target target_;
};

}  // namespace lamplighter::aws
