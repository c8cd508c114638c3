#include "tasks/protocol/errors.h"

#include "aws/client/error_codes.h"

namespace lamplighter::tasks {

std::vector<std::string_view> transient_errors() {
  std::vector<std::string_view> errors{"Lambda.TooManyRequestsException",
                                       "Lambda.ServiceException",
                                       "Lambda.AWSLambdaException",
                                       "Lambda.SdkClientException",
                                       "Lambda.ClientExecutionTimeoutException",
                                       "Sandbox.Timedout",
                                       "Runtime.ExitError",
                                       "States.Timeout"};
  const auto passing = aws::passing_error_codes();
  errors.insert(errors.end(), passing.begin(), passing.end());
  return errors;
}

}  // namespace lamplighter::tasks
