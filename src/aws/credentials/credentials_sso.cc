#include "aws/credentials/credentials_sso.h"

#include <fmt/format.h>

#include "aws/client/api_error.h"
#include "aws/client/endpoint.h"
#include "base/arn.h"
#include "base/hash.h"
#include "base/shell_quoted.h"
#include "http/uri.h"
#include "json/json.h"

namespace lamplighter::aws {
namespace {

struct Sso {
  std::string profile;
  std::string cache_key;  ///< whose hash names the token's file
  std::string region;
  std::string account;
  std::string role;
};

tl::unexpected<Error> refuse(std::string_view what) {
  return fail(ErrorKind::bad_input, "InvalidProfile", fmt::format("sign-in by SSO: {}", what));
}

tl::unexpected<Error> log_in(const Sso& sso, std::string_view why) {
  return fail(ErrorKind::aws, "NoCredentials",
              fmt::format("{}: run aws sso login --profile {}", why, shell_quoted(sso.profile)));
}

Result<Sso> read_sso(const Config& config, const std::string& name) {
  const Profile& profile = config.profiles.at(name);
  Sso sso{name, property(profile, "sso_session"), property(profile, "sso_region"),
          property(profile, "sso_account_id"), property(profile, "sso_role_name")};
  if (sso.cache_key.empty()) {
    sso.cache_key = property(profile, "sso_start_url");
  } else {
    const auto session = config.sso_sessions.find(sso.cache_key);
    if (session == config.sso_sessions.end()) {
      return refuse("there is no section [sso-session " + sso.cache_key + "]");
    }
    sso.region = property(session->second, "sso_region");
  }
  if (!is_region(sso.region)) return refuse("expected sso_region");
  if (sso.account.empty() || sso.role.empty()) return refuse("expected sso_account_id and sso_role_name");
  return sso;
}

Result<std::string> read_token(const Host& host, const Sso& sso, Time now) {
  const auto text =
      TRY(host.read_file(expand_home(host, "~/.aws/sso/cache/" + to_hex(sha1(sso.cache_key)) + ".json")));
  if (!text) return log_in(sso, "nobody is signed in");
  const auto cached = parse_json(*text, 16);
  if (!cached) return log_in(sso, "the cached token can't be read");
  const auto expires = parse_time(get_string(*cached, "expiresAt"));
  if (!expires || *expires <= now) return log_in(sso, "the sign-in has ended");
  return get_string(*cached, "accessToken");
}

http::OutgoingRequest portal_request(const Sso& sso, const std::string& token) {
  http::OutgoingRequest request;
  request.method = "GET";
  request.url = fmt::format("https://portal.sso.{}.{}/federation/credentials?account_id={}&role_name={}",
                            sso.region, partition_of(sso.region).dns_suffix,
                            http::percent_encode(sso.account), http::percent_encode(sso.role));
  request.headers = {{"x-amz-sso_bearer_token", token}};
  request.timeout = kAttemptTimeout;
  return request;
}

Result<TemporaryCredentials> read_answer(const Sso& sso, const http::Response& response) {
  if (response.status == 401) {
    return log_in(sso, fmt::format("the sign-in is not accepted any more ({})", api_error(response).code));
  }
  const auto body = parse_json(response.body, 16);
  const auto* role = body ? find(*body, "roleCredentials") : nullptr;
  if (response.status != 200 || !role) {
    return fail(
        ErrorKind::aws, "NoCredentials",
        fmt::format("IAM Identity Center refused the account's role: HTTP status {}", response.status));
  }
  return TemporaryCredentials{{get_string(*role, "accessKeyId"), get_string(*role, "secretAccessKey"),
                               get_string(*role, "sessionToken")},
                              Time(Duration(get_int(*role, "expiration")))};
}

}  // namespace

bool uses_sso(const Profile& profile) {
  return !property(profile, "sso_session").empty() || !property(profile, "sso_start_url").empty();
}

Result<CredentialsSource> from_sso(const Host& host, const Config& config, Requester& requester,
                                   const std::string& profile) {
  const auto sso = TRY(read_sso(config, profile));
  return CredentialsSource([&host, &requester, sso]() -> Result<TemporaryCredentials> {
    const auto token = TRY(read_token(host, sso, requester.clock().now()));
    return read_answer(sso, TRY(requester.transport().send(portal_request(sso, token))));
  });
}

}  // namespace lamplighter::aws
