// What AWS says when it refuses: one Error from any service's error answer.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/transport.h"

namespace lamplighter::aws {

/// Code and message of an answer that is no success, in XML (EC2's form or the query protocol's) or JSON; of
/// a body that is neither, what the HTTP status says ("ServiceUnavailable", "Http403"). On one line
/// (base/plain_text.h); messages longer than 4,096 bytes are cut.
Error api_error(const http::Response& response);

/// `text` with every occurrence of the credentials' secret parts as "***": AWS's SignatureDoesNotMatch
/// message, for one, holds the session token.
std::string redact(std::string text, const http::Credentials& credentials);

}  // namespace lamplighter::aws
