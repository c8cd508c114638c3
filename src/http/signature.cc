#include "http/signature.h"

#include <algorithm>
#include <optional>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/authority.h"
#include "base/hash.h"

namespace lamplighter::http {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Percent-encodes all but RFC 3986's unreserved letters and those in `keep`.
std::string encode(std::string_view text, std::string_view keep) {
  const auto is_one_of = [](std::string_view set, char letter) { return set.find(letter) != set.npos; };
  std::string encoded;
  for (const char letter : text) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= '0' && letter <= '9') || is_one_of("-_.~", letter) ||
                       is_one_of(keep, letter);
    encoded += plain ? std::string(1, letter) : fmt::format("%{:02X}", static_cast<unsigned char>(letter));
  }
  return encoded;
}

/// The query's pairs in order. Clients send values encoded once; '%' stays as it came.
std::string canonical_query(std::string_view query) {
  std::vector<std::string> pairs;
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    const bool has_value = pair.find('=') != std::string_view::npos;
    pairs.push_back(encode(pair, "%=") + (has_value ? "" : "="));
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (end != std::string_view::npos && query.empty()) pairs.emplace_back("=");
  }
  std::sort(pairs.begin(), pairs.end());
  return fmt::format("{}", fmt::join(pairs, "&"));
}

/// All values of a header, trimmed, runs of blanks as one, joined by commas; nullopt where there is none.
std::optional<std::string> canonical_value(const Headers& headers, std::string_view name) {
  std::optional<std::string> joined;
  for (const auto& [key, value] : headers) {
    if (lower_case(key) != name) continue;
    joined = joined ? *joined + "," : std::string();
    for (const char letter : trim(value)) {
      if (letter != ' ' || joined->empty() || joined->back() != ' ') *joined += letter;
    }
  }
  return joined;
}

/// What a client puts into Host: the scheme's own port is left out.
std::string host_of(std::string_view url) {
  std::string host(authority_of(url));
  const std::string_view usual = url.starts_with("https://") ? ":443" : ":80";
  if (host.ends_with(usual)) host.resize(host.size() - usual.size());
  return host;
}

/// The URL's path and query.
std::string target_of(std::string_view url) {
  const auto scheme = url.find("://");
  const auto begin = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  return begin == std::string_view::npos ? "/" : std::string(url.substr(begin));
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

Result<std::string> canonical_request(const Request& request,
                                      const std::vector<std::string_view>& signed_headers,
                                      std::string_view body_hash) {
  const std::string_view target = request.url;
  const auto mark = target.find('?');
  const auto query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  std::string headers;
  for (const auto name : signed_headers) {
    const auto value = canonical_value(request.headers, name);
    if (!value) {
      return fail(ErrorKind::bad_input, "InvalidSignatureException",
                  fmt::format("The signed header '{}' is not in the request.", name));
    }
    headers += fmt::format("{}:{}\n", name, *value);
  }
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, encode(target.substr(0, mark), "/"),
                     canonical_query(query), headers, fmt::join(signed_headers, ";"), body_hash);
}

std::string signature_of(std::string_view canonical, std::string_view amz_date, std::string_view secret,
                         const SignatureScope& scope) {
  const auto text = fmt::format("{}\n{}\n{}/{}/{}/{}\n{}", kSignatureAlgorithm, amz_date, scope.date,
                                scope.region, scope.service, kSignatureTerminator, to_hex(sha256(canonical)));
  auto key = hmac_sha256(fmt::format("AWS4{}", secret), scope.date);
  for (const auto part : {scope.region, scope.service, kSignatureTerminator}) key = hmac_sha256(key, part);
  return to_hex(hmac_sha256(key, text));
}

OutgoingRequest signed_request(OutgoingRequest request, const Signing& signing, Time now) {
  const auto& [access_key_id, secret, token] = signing.credentials;
  const auto date = fmt::format("{:%Y%m%dT%H%M%SZ}", std::chrono::floor<std::chrono::seconds>(now));
  request.headers.emplace_back("Host", host_of(request.url));
  request.headers.emplace_back("X-Amz-Date", date);
  if (!token.empty()) request.headers.emplace_back("X-Amz-Security-Token", token);
  std::vector<std::string> names;
  for (const auto& [name, value] : request.headers) names.push_back(lower_case(name));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const Request as_received{request.method, target_of(request.url), request.headers, ""};
  const SignatureScope scope{std::string_view(date).substr(0, 8), signing.region, signing.service};
  // Every name is one of a header that is there.
  const auto canonical =
      canonical_request(as_received, {names.begin(), names.end()}, to_hex(sha256(request.body))).value();
  request.headers.emplace_back(
      "Authorization",
      fmt::format("{} Credential={}/{}/{}/{}/{}, SignedHeaders={}, Signature={}", kSignatureAlgorithm,
                  access_key_id, scope.date, scope.region, scope.service, kSignatureTerminator,
                  fmt::join(names, ";"), signature_of(canonical, date, secret, scope)));
  return request;
}

}  // namespace lamplighter::http
