#include "run/lambda_tasks.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/limits.h"
#include "base/utf8.h"

namespace lamplighter::run {
namespace {

using engine::TaskFailure;
using engine::TaskResult;
using std::chrono::milliseconds;

constexpr std::string_view kOptimized = "lambda:invoke";
constexpr std::size_t kMaxDepth = 128;
constexpr std::size_t kMaxPayload = 4 * limits::kPayloadBytes;  // of an answer that is looked at
constexpr milliseconds kMinTimeout = std::chrono::seconds(1);

/// A task's clock: the process's, with its durations on the engine's line, where this is `begun` now.
class TaskClock final : public Clock {
 public:
  TaskClock(Clock& clock, Time begun) : clock_(clock), ahead_(begun - clock.steady()) {}
  [[nodiscard]] Time now() const override { return clock_.now(); }
  [[nodiscard]] Time steady() const override { return clock_.steady() + ahead_; }
  void sleep(Duration duration) override { clock_.sleep(duration); }

 private:
  Clock& clock_;
  Duration ahead_;
};

/// Whether the function is this binary: "lamplighter", "lamplighter:alias",
/// "arn:aws:lambda:…:function:lamplighter:alias".
bool is_own(std::string_view function) {
  const auto name = aws::parse_function_name(function);
  return name && name->name == kOwnFunction;
}

/// The same shape as an error that the Lambda reports, so that a Catch sees the same on both engines.
aws::Invocation own_failure(const Error& error) {
  const json::object payload{{"errorMessage", error.message}, {"errorType", error.code}};
  return {200, "Unhandled", "$LATEST", json_text(payload)};
}

engine::Payload read_or_text(const std::string& text) {
  if (text.size() > kMaxPayload) return engine::make_payload(json::value(text));
  auto payload = engine::read_compact(text);
  return payload ? std::move(*payload) : engine::make_payload(json::value(text));
}

tl::unexpected<TaskFailure> function_failure(const aws::Invocation& answer) {
  const auto payload = parse_json(answer.payload, kMaxDepth, kMaxPayload);
  const auto type = payload ? get_string(*payload, "errorType") : "";
  if (!type.empty()) return tl::unexpected(TaskFailure{type, answer.payload});
  return tl::unexpected(
      TaskFailure{"Lambda.Unknown",
                  "The cause could not be determined because Lambda did not return an error "
                  "type. Returned payload: " +
                      answer.payload});
}

tl::unexpected<TaskFailure> api_failure(const Error& error) {
  const bool unreachable = error.code == "ConnectionError" || error.code == "RequestTimeout";
  return tl::unexpected(
      TaskFailure{"Lambda." + (unreachable ? "SdkClientException" : error.code),
                  fmt::format("{} (Service: Lambda; Error Code: {})", error.message, error.code)});
}

/// The answer with the metadata that Step Functions adds. What differs from call to call (date, request and
/// trace id) is shown by its name only: a task that is run again after a crash must leave the same history.
engine::Payload with_metadata(const aws::Invocation& answer) {
  const auto length = std::to_string(answer.payload.size());
  const auto& version = answer.executed_version;
  json::object out{{"ExecutedVersion", version},
                   {"Payload", nullptr},
                   {"SdkHttpMetadata",
                    {{"AllHttpHeaders",
                      {{"X-Amz-Executed-Version", json::array{version}},
                       {"x-amzn-Remapped-Content-Length", json::array{"0"}},
                       {"Connection", json::array{"keep-alive"}},
                       {"x-amzn-RequestId", "x-amzn-RequestId"},
                       {"Content-Length", json::array{length}},
                       {"Date", "date"},
                       {"X-Amzn-Trace-Id", "X-Amzn-Trace-Id"},
                       {"Content-Type", json::array{"application/json"}}}},
                     {"HttpHeaders",
                      {{"Connection", "keep-alive"},
                       {"Content-Length", length},
                       {"Content-Type", "application/json"},
                       {"Date", "date"},
                       {"X-Amz-Executed-Version", version},
                       {"x-amzn-Remapped-Content-Length", "0"},
                       {"x-amzn-RequestId", "x-amzn-RequestId"},
                       {"X-Amzn-Trace-Id", "X-Amzn-Trace-Id"}}},
                     {"HttpStatusCode", answer.status}}},
                   {"SdkResponseMetadata", {{"RequestId", "RequestId"}}},
                   {"StatusCode", answer.status}};
  return engine::make_payload(std::move(out), "Payload", read_or_text(answer.payload));
}

/// FunctionName with Qualifier, where that stands apart.
std::string qualified_name(const json::value& arguments) {
  const auto qualifier = get_string(arguments, "Qualifier");
  return get_string(arguments, "FunctionName") + (qualifier.empty() ? "" : ":" + qualifier);
}

}  // namespace

tl::expected<aws::Invocation, TaskFailure> LambdaTasks::call(const std::string& function,
                                                             const engine::Payload& payload,
                                                             const engine::TaskRequest& request) const {
  aws::Invocation answer;
  if (is_own(function)) {
    TaskClock clock(clock_, request.begun);
    const auto result = own_handler_(payload->value, clock, request.again);
    answer = result ? aws::Invocation{200, "", "$LATEST", json_text(*result)} : own_failure(result.error());
  } else {
    const auto timeout = std::clamp(request.timeout, kMinTimeout, milliseconds(limits::kInvocation));
    auto invoked = invoke_(function, payload->text, timeout);
    if (!invoked) return api_failure(invoked.error());
    answer = std::move(*invoked);
    answer.payload = mend_utf8(answer.payload);
  }
  if (!answer.function_error.empty()) return function_failure(answer);
  return answer;
}

TaskResult LambdaTasks::run(const engine::TaskRequest& request) {
  const bool optimized = request.resource.ends_with(kOptimized);
  if (!optimized) {
    const auto answer = call(request.resource, request.arguments, request);
    if (!answer) return tl::unexpected(answer.error());
    return read_or_text(answer->payload);
  }
  const auto& arguments = request.arguments->value;
  const auto* payload = find(arguments, "Payload");
  const auto answer =
      call(qualified_name(arguments), engine::make_payload(payload ? *payload : json::object{}), request);
  if (!answer) return tl::unexpected(answer.error());
  return with_metadata(*answer);
}

}  // namespace lamplighter::run
