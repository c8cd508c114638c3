// AWS Signature Version 4, in the Authorization header: what of a request is signed, and the signature. The
// API verifies with it what comes in (api/auth/sigv4.h), and REST calls that go out are signed with it:
// libcurl signs their paths and queries in another way than AWS reads them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "http/transport.h"

namespace lamplighter::http {

inline constexpr std::string_view kSignatureAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kSignatureTerminator = "aws4_request";

/// What a signature holds for.
struct SignatureScope {
  std::string_view date;  ///< "20261124"
  std::string_view region;
  std::string_view service;
};

/// The canonical form of a request whose `url` is path and query, with the headers called `signed_headers`
/// (in lower case). Error: bad_input "InvalidSignatureException" where one of them is missing.
Result<std::string> canonical_request(const Request& request,
                                      const std::vector<std::string_view>& signed_headers,
                                      std::string_view body_hash);

/// In hexadecimal. `amz_date` as in X-Amz-Date, "20261124T060000Z".
std::string signature_of(std::string_view canonical, std::string_view amz_date, std::string_view secret,
                         const SignatureScope& scope);

/// The request with its Host, X-Amz-Date, X-Amz-Security-Token and Authorization. Its path and query must be
/// percent-encoded once; all of its headers are signed.
OutgoingRequest signed_request(OutgoingRequest request, const Signing& signing, Time now);

/// A name in lower case, as headers' are compared.
std::string lower_case(std::string_view text);

}  // namespace lamplighter::http
