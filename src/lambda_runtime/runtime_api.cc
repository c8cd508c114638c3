#include "lambda_runtime/runtime_api.h"

#include <charconv>

#include <fmt/format.h>

#include "json/json.h"

namespace lamplighter::lambda_runtime {
namespace {

std::string error_body(const Error& error) {
  const json::object body{
      {"errorMessage", error.message}, {"errorType", error.code}, {"stackTrace", json::array{}}};
  return json_text(body);
}

Result<Time> read_deadline(std::string_view milliseconds) {
  std::int64_t count = 0;
  const auto* end = milliseconds.data() + milliseconds.size();
  if (milliseconds.empty() || std::from_chars(milliseconds.data(), end, count).ptr != end) {
    return fail(ErrorKind::aws, "RuntimeApi", "the next event has no Lambda-Runtime-Deadline-Ms");
  }
  return Time(Duration(count));
}

}  // namespace

Result<Invocation> RuntimeApi::next() {
  http::OutgoingRequest request;
  request.method = "GET";
  request.url = base_ + "invocation/next";
  request.timeout = std::chrono::milliseconds::zero();  // Lambda freezes the process until an event comes
  auto response = TRY(transport_.send(request));
  if (response.status != 200) {
    return fail(ErrorKind::aws, "RuntimeApi", fmt::format("next: HTTP status {}", response.status));
  }
  const auto read = [&](std::string_view name) { return std::string(http::header(response.headers, name)); };
  return Invocation{read("Lambda-Runtime-Aws-Request-Id"), read("Lambda-Runtime-Invoked-Function-Arn"),
                    read("Lambda-Runtime-Trace-Id"), TRY(read_deadline(read("Lambda-Runtime-Deadline-Ms"))),
                    std::move(response.body)};
}

Status RuntimeApi::respond(const Invocation& invocation, const std::string& answer) {
  if (answer.size() > kMaxAnswer) {
    return report(invocation,
                  {ErrorKind::internal, "Function.ResponseSizeTooLarge",
                   fmt::format("the answer has {} bytes, Lambda takes {}", answer.size(), kMaxAnswer)});
  }
  return post("invocation/" + invocation.request_id + "/response", answer, "");
}

Status RuntimeApi::report(const Invocation& invocation, const Error& error) {
  return post("invocation/" + invocation.request_id + "/error", error_body(error), error.code);
}

Status RuntimeApi::report_init(const Error& error) {
  return post("init/error", error_body(error), error.code);
}

Status RuntimeApi::post(const std::string& path, std::string body, const std::string& error_type) {
  http::OutgoingRequest request;
  request.url = base_ + path;
  request.headers = {{"Content-Type", "application/json"}};
  if (!error_type.empty()) request.headers.emplace_back("Lambda-Runtime-Function-Error-Type", error_type);
  request.body = std::move(body);
  const auto response = TRY(transport_.send(request));
  if (response.status >= 200 && response.status < 300) return {};
  return fail(ErrorKind::aws, "RuntimeApi", fmt::format("{}: HTTP status {}", path, response.status));
}

}  // namespace lamplighter::lambda_runtime
