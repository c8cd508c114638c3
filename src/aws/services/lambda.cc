#include "aws/services/lambda.h"

#include <algorithm>

#include "base/arn.h"
#include "http/uri.h"

namespace lamplighter::aws {
namespace {

/// Letters, digits, "-" and "_", and "$" in "$LATEST".
bool is_name(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '$';
  });
}

}  // namespace

Result<FunctionName> parse_function_name(std::string_view text) {
  FunctionName function;
  std::string name(text);
  if (const auto arn = parse_arn(text)) {
    constexpr std::string_view kFunction = "function:";
    function.region = arn->region;
    const bool is_function = arn->service == "lambda" && arn->resource.starts_with(kFunction);
    name = is_function ? arn->resource.substr(kFunction.size()) : "";
  }
  if (const auto colon = name.find(':'); colon != std::string::npos) {
    function.qualifier = name.substr(colon + 1);
    name.resize(colon);
  }
  function.name = name;
  if (!is_name(name, 64) || name.find('$') != std::string::npos ||
      (!function.qualifier.empty() && !is_name(function.qualifier, 128))) {
    return fail(
        ErrorKind::bad_input, "InvalidFunctionName",
        "found \"" + std::string(text.substr(0, 200)) + "\", expected a Lambda function's name or ARN");
  }
  return function;
}

Result<Invocation> Lambda::invoke(std::string_view function, std::string payload,
                                  std::chrono::milliseconds timeout) {
  const auto parsed = TRY(parse_function_name(function));
  auto target = target_;
  if (!parsed.region.empty()) target.region = parsed.region;
  ApiRequest request;
  request.service = "lambda";
  request.action = "Invoke";
  request.path = "/2015-03-31/functions/" + parsed.name + "/invocations";
  if (!parsed.qualifier.empty()) request.path += "?Qualifier=" + http::percent_encode(parsed.qualifier);
  request.headers = {{"Content-Type", "application/json"}};
  request.body = std::move(payload);
  request.timeout = timeout;
  auto response = TRY(session_.send(target, std::move(request)));
  return Invocation{response.status, std::string(http::header(response.headers, "X-Amz-Function-Error")),
                    std::string(http::header(response.headers, "X-Amz-Executed-Version")),
                    std::move(response.body)};
}

}  // namespace lamplighter::aws
