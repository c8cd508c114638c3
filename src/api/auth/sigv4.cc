#include "api/auth/sigv4.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/libcrypto.h"
#include "http/signature.h"

namespace lamplighter::api {
namespace {

constexpr std::string_view kDate = "x-amz-date";
constexpr std::string_view kBodyHash = "x-amz-content-sha256";
constexpr std::chrono::minutes kMaxSkew{15};

/// The parts of an Authorization header.
struct Authorization {
  std::string_view access_key_id;
  std::string_view date;  ///< "20261124"
  std::string_view region;
  std::string_view service;
  std::string_view terminator;
  std::vector<std::string_view> signed_headers;
  std::string_view signature;
};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

tl::unexpected<Error> incomplete(std::string_view what) {
  return fail(ErrorKind::bad_input, "IncompleteSignatureException",
              fmt::format("Authorization header requires {}.", what));
}

tl::unexpected<Error> invalid(std::string message) {
  return fail(ErrorKind::bad_input, "InvalidSignatureException", std::move(message));
}

Result<Authorization> parse_authorization(std::string_view header) {
  if (header.empty()) {
    return fail(ErrorKind::bad_input, "MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  if (!header.starts_with(http::kSignatureAlgorithm)) return incomplete("the algorithm AWS4-HMAC-SHA256");
  header.remove_prefix(http::kSignatureAlgorithm.size());
  Authorization found;
  for (const auto part : split(header, ',')) {
    const auto pair = trim(part);
    const auto name = pair.substr(0, pair.find('='));
    const auto value = pair.substr(std::min(pair.size(), name.size() + 1));
    if (name == "Signature") found.signature = value;
    if (name == "SignedHeaders") found.signed_headers = split(value, ';');
    if (name != "Credential") continue;
    const auto scope = split(value, '/');
    if (scope.size() != 5) return incomplete("a Credential of key/date/region/service/aws4_request");
    found.access_key_id = scope[0];
    found.date = scope[1];
    found.region = scope[2];
    found.service = scope[3];
    found.terminator = scope[4];
  }
  if (found.access_key_id.empty()) return incomplete("'Credential' parameter");
  if (found.signed_headers.empty()) return incomplete("'SignedHeaders' parameter");
  if (found.signature.empty()) return incomplete("'Signature' parameter");
  return found;
}

Status check_coverage(const http::Request& request, const Authorization& authorization) {
  const auto is_signed = [&](std::string_view name) {
    const auto& names = authorization.signed_headers;
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (!is_signed("host")) return invalid("'Host' must be a signed header in the AWS Authorization.");
  for (const auto& [key, value] : request.headers) {
    const auto name = http::lower_case(key);
    if (name.starts_with("x-amz-") && !is_signed(name)) {
      return invalid(fmt::format("'{}' must be a signed header in the AWS Authorization.", name));
    }
  }
  return {};
}

/// Reads "20261124T060000Z".
std::optional<Time> parse_amz_date(std::string_view text) {
  if (text.size() != 16) return std::nullopt;
  const auto iso = fmt::format("{}-{}-{}T{}:{}:{}Z", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2),
                               text.substr(9, 2), text.substr(11, 2), text.substr(13, 2));
  const auto time = parse_time(iso);
  return time && text[8] == 'T' && text[15] == 'Z' ? std::optional(*time) : std::nullopt;
}

Status check_time(std::string_view amz_date, const Authorization& authorization, Time now) {
  const auto signed_at = parse_amz_date(amz_date);
  if (!signed_at) return incomplete("existence of a 'X-Amz-Date' header of the form YYYYMMDDTHHMMSSZ");
  if (amz_date.substr(0, 8) != authorization.date) {
    return invalid(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.");
  }
  if (*signed_at < now - kMaxSkew || *signed_at > now + kMaxSkew) {
    return invalid(fmt::format("Signature {}: {} is more than 15 min. from {}.",
                               *signed_at < now ? "expired" : "not yet current", format_time(*signed_at),
                               format_time(now)));
  }
  return {};
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && libcrypto().compare(a.data(), b.data(), a.size()) == 0;
}

Status check_signature(const http::Request& request, const Authorization& authorization, const KeyPair& keys,
                       std::string_view body_hash) {
  const auto canonical = TRY(http::canonical_request(request, authorization.signed_headers, body_hash));
  const auto expected =
      http::signature_of(canonical, http::header(request.headers, kDate), keys.secret_access_key,
                         {authorization.date, authorization.region, authorization.service});
  if (equal_in_constant_time(expected, authorization.signature)) return {};
  return invalid(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
      "Access Key and signing method.");
}

Status check_scope(const Authorization& authorization, const KeyPair& keys, std::string_view service) {
  if (authorization.access_key_id != keys.access_key_id) {
    return fail(ErrorKind::bad_input, "UnrecognizedClientException",
                "The security token included in the request is invalid.");
  }
  if (authorization.service != service) {
    return invalid(fmt::format("Credential should be scoped to correct service: '{}'.", service));
  }
  if (authorization.terminator != http::kSignatureTerminator) {
    return invalid(fmt::format("Credential should be scoped with a valid terminator: '{}'.",
                               http::kSignatureTerminator));
  }
  return {};
}

/// The Authorization header, once all but the signature itself has been found right.
Result<Authorization> checked_header(const http::Request& request, const KeyPair& keys,
                                     std::string_view service, Time now) {
  auto authorization = TRY(parse_authorization(http::header(request.headers, "authorization")));
  CHECK_OK(check_scope(authorization, keys, service));
  CHECK_OK(check_coverage(request, authorization));
  CHECK_OK(check_time(http::header(request.headers, kDate), authorization, now));
  return authorization;
}

}  // namespace

Status verify_signature(const http::Request& request, const KeyPair& keys, std::string_view service,
                        Time now) {
  const auto authorization = TRY(checked_header(request, keys, service, now));
  return check_signature(request, authorization, keys, to_hex(sha256(request.body)));
}

Status verify_header(const http::Request& header, const KeyPair& keys, std::string_view service, Time now) {
  const auto authorization = TRY(checked_header(header, keys, service, now));
  const auto declared = http::header(header.headers, kBodyHash);
  return declared.empty() ? Status() : check_signature(header, authorization, keys, declared);
}

}  // namespace lamplighter::api
