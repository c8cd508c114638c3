#include "api/auth/sigv4.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "base/hash.h"

namespace lamplighter::api {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";
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
  if (!header.starts_with(kAlgorithm)) return incomplete("the algorithm AWS4-HMAC-SHA256");
  header.remove_prefix(kAlgorithm.size());
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

bool is_letter_of(std::string_view set, char letter) { return set.find(letter) != std::string_view::npos; }

/// Percent-encodes all but RFC 3986's unreserved letters and those in `keep`.
std::string encode(std::string_view text, std::string_view keep = "") {
  std::string encoded;
  for (const char letter : text) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= '0' && letter <= '9') || is_letter_of("-_.~", letter) ||
                       is_letter_of(keep, letter);
    encoded += plain ? std::string(1, letter) : fmt::format("%{:02X}", static_cast<unsigned char>(letter));
  }
  return encoded;
}

/// The query's pairs in order. Clients send values encoded once; '%' stays as it came.
std::string canonical_query(std::string_view query) {
  if (query.empty()) return {};
  std::vector<std::string> pairs;
  for (const auto pair : split(query, '&')) {
    const bool has_value = pair.find('=') != std::string_view::npos;
    pairs.push_back(encode(pair, "%=") + (has_value ? "" : "="));
  }
  std::sort(pairs.begin(), pairs.end());
  return fmt::format("{}", fmt::join(pairs, "&"));
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

/// All values of a header, trimmed, runs of blanks as one, joined by commas; nullopt where there is none.
std::optional<std::string> canonical_value(const http::Headers& headers, std::string_view name) {
  std::optional<std::string> joined;
  for (const auto& [key, value] : headers) {
    if (lower(key) != name) continue;
    joined = joined ? *joined + "," : std::string();
    for (const char letter : trim(value)) {
      if (letter != ' ' || joined->empty() || joined->back() != ' ') *joined += letter;
    }
  }
  return joined;
}

Status check_coverage(const http::Request& request, const Authorization& authorization) {
  const auto is_signed = [&](std::string_view name) {
    const auto& names = authorization.signed_headers;
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (!is_signed("host")) return invalid("'Host' must be a signed header in the AWS Authorization.");
  for (const auto& [key, value] : request.headers) {
    const auto name = lower(key);
    if (name.starts_with("x-amz-") && !is_signed(name)) {
      return invalid(fmt::format("'{}' must be a signed header in the AWS Authorization.", name));
    }
  }
  return {};
}

Result<std::string> canonical_request(const http::Request& request, const Authorization& authorization,
                                      std::string_view body_hash) {
  const std::string_view target = request.url;
  const auto mark = target.find('?');
  const auto query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  std::string headers;
  for (const auto name : authorization.signed_headers) {
    const auto value = canonical_value(request.headers, name);
    if (!value) return invalid(fmt::format("The signed header '{}' is not in the request.", name));
    headers += fmt::format("{}:{}\n", name, *value);
  }
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, encode(target.substr(0, mark), "/"),
                     canonical_query(query), headers, fmt::join(authorization.signed_headers, ";"),
                     body_hash);
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

std::string signature_of(const std::string& canonical, std::string_view amz_date, const KeyPair& keys,
                         const Authorization& authorization) {
  const auto scope = fmt::format("{}/{}/{}/{}", authorization.date, authorization.region,
                                 authorization.service, kTerminator);
  const auto text = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, amz_date, scope, to_hex(sha256(canonical)));
  auto key = hmac_sha256("AWS4" + keys.secret_access_key, authorization.date);
  for (const auto part : {authorization.region, authorization.service, kTerminator})
    key = hmac_sha256(key, part);
  return to_hex(hmac_sha256(key, text));
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Status check_signature(const http::Request& request, const Authorization& authorization, const KeyPair& keys,
                       std::string_view body_hash) {
  const auto canonical = TRY(canonical_request(request, authorization, body_hash));
  const auto expected = signature_of(canonical, http::header(request.headers, kDate), keys, authorization);
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
  if (authorization.terminator != kTerminator) {
    return invalid(fmt::format("Credential should be scoped with a valid terminator: '{}'.", kTerminator));
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
