#include "aws/client/api_error.h"

#include <fmt/format.h>

#include "aws/client/xml.h"
#include "base/plain_text.h"
#include "base/utf8.h"
#include "json/json.h"

namespace lamplighter::aws {
namespace {

constexpr std::size_t kMaxBody = std::size_t{1} << 20U;
constexpr std::size_t kMaxMessage = 4096;
constexpr std::size_t kShortestSecret = 8;  // a test's key "a" is no secret, and is in every message

struct CodeAndMessage {
  std::string code, message;
};

CodeAndMessage from_xml(std::string_view body) {
  const auto document = parse_xml(std::string(body));
  if (!document) return {};
  const auto root = (*document)->document_element();
  const char* path = root.child("Errors") ? "Errors/Error" : "Error";
  const auto error = root.first_element_by_path(path);
  return {text_at(error, "Code"), text_at(error, "Message")};
}

/// "com.amazonaws.lambda#TooManyRequestsException:http://…" names its exception in the middle.
std::string exception_name(std::string_view type) {
  type = type.substr(0, type.find(':'));
  const auto hash = type.find('#');
  return std::string(hash == std::string_view::npos ? type : type.substr(hash + 1));
}

CodeAndMessage from_json(const http::Response& response) {
  const auto body = parse_json(mend_utf8(response.body), 32);
  const auto value = body ? *body : json::value();
  std::string type(http::header(response.headers, "x-amzn-ErrorType"));
  if (type.empty()) type = get_string(value, "__type", get_string(value, "code"));
  return {exception_name(type), get_string(value, "message", get_string(value, "Message"))};
}

/// What a status without a code means, in the words of those services that give one.
std::string code_of_status(int status) {
  if (status == 429) return "Throttling";
  if (status == 500) return "InternalFailure";
  if (status == 502 || status == 503 || status == 504) return "ServiceUnavailable";
  return fmt::format("Http{}", status);
}

}  // namespace

Error api_error(const http::Response& response) {
  const auto first = response.body.find_first_not_of(" \t\r\n");
  const bool is_xml = first != std::string::npos && response.body[first] == '<';
  const bool is_short = response.body.size() <= kMaxBody;
  auto [code, message] = !is_short ? CodeAndMessage()
                         : is_xml  ? from_xml(response.body)
                                   : from_json(response);
  code = plain_line(code);
  message = plain_line(message);
  if (code.empty()) code = code_of_status(response.status);
  if (message.empty()) message = fmt::format("HTTP status {} and no message", response.status);
  if (message.size() > kMaxMessage) message = mend_utf8(message.substr(0, kMaxMessage)) + "…";
  return {ErrorKind::aws, std::move(code), std::move(message)};
}

std::string redact(std::string text, const http::Credentials& credentials) {
  for (const auto* secret : {&credentials.secret_access_key, &credentials.session_token}) {
    if (secret->size() < kShortestSecret) continue;
    for (auto at = text.find(*secret); at != std::string::npos; at = text.find(*secret, at + 3)) {
      text.replace(at, secret->size(), "***");
    }
  }
  return text;
}

}  // namespace lamplighter::aws
