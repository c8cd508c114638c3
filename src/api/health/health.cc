#include "api/health/health.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "api/auth/secret_file.h"
#include "api/health/metrics_text.h"
#include "base/authority.h"
#include "base/hash.h"
#include "base/libcrypto.h"
#include "base/plain_text.h"

namespace lamplighter::api {
namespace {

constexpr std::array<std::string_view, 3> kPaths{"/healthz", "/readyz", "/metrics"};
constexpr std::size_t kTokenBytes = 33;

http::Response plain(int status, std::string_view text, http::Headers headers = {}) {
  headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  headers.emplace_back("Cache-Control", "no-store");
  return {status, std::move(headers), plain_text(text) + "\n"};
}

std::string_view path_of(const http::Request& request) {
  const std::string_view url = request.url;
  return url.substr(0, url.find('?'));
}

/// Takes as long whatever was found: both sides are hashed to one length.
bool is_same(std::string_view found, std::string_view expected) {
  const std::string a = sha256(found);
  const std::string b = sha256(expected);
  return libcrypto().compare(a.data(), b.data(), a.size()) == 0;
}

bool has_token(const http::Request& request, std::string_view token) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view found = http::header(request.headers, "authorization");
  return found.starts_with(kScheme) && is_same(found.substr(kScheme.size()), token);
}

/// "ok", or what is wrong, a line each.
http::Response verdict(const std::vector<std::string>& troubles) {
  if (troubles.empty()) return plain(200, "ok");
  std::string text;
  for (const std::string& trouble : troubles) text += (text.empty() ? "" : "\n") + plain_line(trouble);
  return plain(503, text);
}

}  // namespace

std::optional<http::Response> Health::refuse(const http::Request& header) const {
  const std::string_view path = path_of(header);
  if (std::find(kPaths.begin(), kPaths.end(), path) == kPaths.end()) return plain(404, "not found");
  if (header.method != "GET" && header.method != "HEAD")
    return plain(405, "expected GET or HEAD", {{"Allow", "GET, HEAD"}});
  if (token_) {
    if (has_token(header, *token_)) return std::nullopt;
    return plain(401, "expected the bearer token", {{"WWW-Authenticate", "Bearer"}});
  }
  // No web page is to look in through a name of its own (DNS rebinding).
  const auto host = parse_authority(http::header(header.headers, "host"));
  if (host && host->is_loopback) return std::nullopt;
  return plain(404, "not found");
}

http::Response Health::handle(const http::Request& request) const {
  if (auto refusal = refuse(request)) return *std::move(refusal);
  const std::string_view path = path_of(request);
  if (path == "/healthz") return verdict(sources_.hanging());
  if (path == "/readyz") return verdict(sources_.unready());
  return {200,
          {{"Content-Type", std::string(kMetricsContentType)}, {"Cache-Control", "no-store"}},
          sources_.metrics()};
}

std::filesystem::path health_token_file(const std::filesystem::path& state_dir) {
  return state_dir / "health-token";
}

Result<std::string> load_or_make_health_token(const std::filesystem::path& state_dir) {
  const std::filesystem::path file = health_token_file(state_dir);
  std::string token = TRY(load_or_make_secret(file, [] { return random_base64(kTokenBytes); }));
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (!token.empty()) return token;
  return fail(ErrorKind::bad_input, "InvalidKeyFile",
              file.string() + ": found nothing, expected a token; remove the file to have a new one made");
}

}  // namespace lamplighter::api
