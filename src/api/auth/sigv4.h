// Verifies AWS Signature Version 4 on requests that come in (aws/ signs those that go out). Signed headers
// only: no presigned addresses, no unsigned or streamed payloads.
#pragma once

#include <string>
#include <string_view>

#include "api/auth/key_pair.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/http_server.h"

namespace lamplighter::api {

/// Whether `request` was signed with `keys` for `service` ("states"), in any region, within 15 minutes of
/// `now`, with Host and every X-Amz- header among what is signed, and the body as it was signed. Error:
/// bad_input with AWS's code: "MissingAuthenticationTokenException", "IncompleteSignatureException",
/// "UnrecognizedClientException" (another key), "InvalidSignatureException" (wrong, or too old or new).
/// A request that declares its body's hash (a signed X-Amz-Content-Sha256) must keep to it.
Status verify_signature(const http::Request& request, const KeyPair& keys, std::string_view service,
                        Time now);

/// As much of that as the header alone can show, before a body is read: the key, the scope, the date, what is
/// signed; the whole signature where the body's hash is declared.
Status verify_header(const http::Request& header, const KeyPair& keys, std::string_view service, Time now);

}  // namespace lamplighter::api
