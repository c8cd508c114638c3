// AWS Lambda's Runtime API, version 2018-06-01: how a custom runtime gets events and gives answers.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/limits.h"
#include "base/result.h"
#include "http/transport.h"

namespace lamplighter::lambda_runtime {

/// One event, and what Lambda says about it.
struct Invocation {
  std::string request_id;
  std::string function_arn;
  std::string trace_id;  ///< X-Ray's header; "" where tracing is off
  Time deadline{};       ///< when Lambda ends the function
  std::string event;     ///< JSON
};

/// The most that Lambda takes as an answer, in bytes.
inline constexpr std::size_t kMaxAnswer = limits::kInvocationBytes;

/// Keeps a reference to `transport`, which should be its own: next() holds a connection for as long as no
/// event comes. Errors: aws, as Transport's, or "RuntimeApi" with the HTTP status.
class RuntimeApi {
 public:
  /// `address`: host and port, as in AWS_LAMBDA_RUNTIME_API.
  RuntimeApi(http::Transport& transport, const std::string& address)
      : transport_(transport), base_("http://" + address + "/2018-06-01/runtime/") {}

  /// Waits for the next event.
  Result<Invocation> next();
  /// The event's answer. One that is longer than kMaxAnswer becomes an error,
  /// "Function.ResponseSizeTooLarge".
  Status respond(const Invocation& invocation, const std::string& answer);
  /// The event could not be handled: the error's code becomes its errorType.
  Status report(const Invocation& invocation, const Error& error);
  /// The function could not even begin.
  Status report_init(const Error& error);

 private:
  Status post(const std::string& path, std::string body, const std::string& error_type);

  http::Transport& transport_;
  std::string base_;
};

}  // namespace lamplighter::lambda_runtime
