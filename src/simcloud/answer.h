// What a call is answered with, before it is written in the protocol of the call: a JSON object with AWS's
// member names, or one of AWS's errors.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/message.h"
#include "json/json.h"

namespace lamplighter::simcloud {

/// ec2 and query answer with XML; newer SDKs speak JSON 1.0 with CloudWatch, all JSON 1.1 with the tagging
/// API and JSON 1.0 with DynamoDB.
enum class Protocol { ec2, query, json };

/// One of AWS's errors, as a client sees it.
struct ApiError {
  int status = 400;
  std::string code;
  std::string message;
};

using Answer = tl::expected<json::object, ApiError>;

inline tl::unexpected<ApiError> refuse(std::string code, std::string message, int status = 400) {
  return tl::unexpected(ApiError{status, std::move(code), std::move(message)});
}

/// Writes a success or an error as the protocol has it. `service` is the signing name.
http::Response write_answer(Protocol protocol, std::string_view service, std::string_view action,
                            const Answer& answer, std::string_view request_id);

}  // namespace lamplighter::simcloud
