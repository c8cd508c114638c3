#include "aws/credentials/credentials_http.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/authority.h"

namespace lamplighter::aws {
namespace {

constexpr std::chrono::milliseconds kContainerTimeout{2'000};
constexpr std::chrono::milliseconds kMetadataTimeout{1'000};

/// One request to an endpoint of the machine, three times at most; the body of its success.
Result<std::string> fetch(Requester& requester, const http::OutgoingRequest& request, std::string_view what) {
  constexpr int kAttempts = 3;
  std::string reason;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto response = requester.transport().send(request);
    if (response && response->status == 200) return response->body;
    reason = response ? fmt::format("HTTP status {}", response->status) : response.error().message;
    if (!response || response->status < 500) break;
  }
  return fail(ErrorKind::aws, "NoCredentials", fmt::format("{}: {}", what, reason));
}

bool is_allowed_uri(std::string_view uri) {
  constexpr std::array<std::string_view, 3> kAgents{"169.254.170.2", "169.254.170.23", "fd00:ec2::23"};
  if (uri.starts_with("https://")) return true;
  const auto authority = parse_authority(authority_of(uri));
  return uri.starts_with("http://") && authority &&
         (authority->is_loopback ||
          std::find(kAgents.begin(), kAgents.end(), authority->host) != kAgents.end());
}

Result<std::string> container_token(const Host& host) {
  if (const auto path = host.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    const auto token = TRY(host.read_file(*path));
    if (!token) return fail(ErrorKind::aws, "NoCredentials", "no container token file at " + *path);
    return token->substr(0, token->find_last_not_of("\r\n") + 1);
  }
  return host.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
}

Result<TemporaryCredentials> read_answer(std::string_view body) {
  const auto answer = parse_json(body, 16);
  if (!answer)
    return fail(ErrorKind::aws, "InvalidCredentials", "the credentials endpoint's answer is not JSON");
  return read_json_credentials(*answer, "Token");
}

http::OutgoingRequest metadata_request(std::string method, std::string url, http::Headers headers) {
  http::OutgoingRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.headers = std::move(headers);
  request.timeout = kMetadataTimeout;
  return request;
}

}  // namespace

std::optional<CredentialsSource> from_container(const Host& host, Requester& requester) {
  const auto relative = host.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const auto full = host.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!relative && !full) return std::nullopt;
  const auto uri = relative ? "http://169.254.170.2" + *relative : *full;
  return [&host, &requester, uri]() -> Result<TemporaryCredentials> {
    if (!is_allowed_uri(uri)) {
      return fail(
          ErrorKind::bad_input, "InvalidCredentials",
          "AWS_CONTAINER_CREDENTIALS_FULL_URI: expected HTTPS, a loopback or a container agent's address");
    }
    http::OutgoingRequest request;
    request.method = "GET";
    request.url = uri;
    request.timeout = kContainerTimeout;
    if (const auto token = TRY(container_token(host)); !token.empty()) {
      request.headers.emplace_back("Authorization", token);
    }
    return read_answer(TRY(fetch(requester, request, "the container's credentials endpoint")));
  };
}

std::optional<CredentialsSource> from_instance_metadata(const Host& host, Requester& requester) {
  if (host.variable("AWS_EC2_METADATA_DISABLED").value_or("") == "true") return std::nullopt;
  const auto endpoint = host.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or("http://169.254.169.254");
  const auto base = endpoint.substr(0, endpoint.find_last_not_of('/') + 1) + "/latest/";
  return [&requester, base]() -> Result<TemporaryCredentials> {
    constexpr const char* kWhat =
        "no AWS credentials found (the last place asked was EC2's instance metadata)";
    const auto token = TRY(fetch(
        requester,
        metadata_request("PUT", base + "api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}}),
        kWhat));
    const http::Headers headers{{"X-aws-ec2-metadata-token", token}};
    const auto roles_url = base + "meta-data/iam/security-credentials/";
    auto role = TRY(fetch(requester, metadata_request("GET", roles_url, headers), kWhat));
    role.resize(std::min(role.find_first_of("\r\n"), role.size()));
    return read_answer(TRY(fetch(requester, metadata_request("GET", roles_url + role, headers), kWhat)));
  };
}

Result<TemporaryCredentials> read_json_credentials(const json::value& value, std::string_view token_key) {
  TemporaryCredentials out{
      {get_string(value, "AccessKeyId"), get_string(value, "SecretAccessKey"), get_string(value, token_key)},
      Time::max()};
  if (out.credentials.access_key_id.empty() || out.credentials.secret_access_key.empty()) {
    return fail(ErrorKind::aws, "InvalidCredentials", "expected AccessKeyId and SecretAccessKey");
  }
  if (const auto expiration = get_string(value, "Expiration"); !expiration.empty()) {
    auto expires = parse_time(expiration);
    if (!expires) return fail(ErrorKind::aws, "InvalidCredentials", "Expiration: expected an RFC 3339 time");
    out.expires = *expires;
  }
  return out;
}

}  // namespace lamplighter::aws
