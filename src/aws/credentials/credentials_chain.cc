#include "aws/credentials/credentials_chain.h"

#include <charconv>
#include <set>

#include <fmt/format.h>

#include "aws/credentials/credentials_http.h"
#include "aws/credentials/credentials_sso.h"
#include "json/json.h"

namespace lamplighter::aws {
namespace {

constexpr const char* kSessionName = "lamplighter";

CredentialsSource fixed(Credentials credentials) {
  return [credentials = std::move(credentials)]() -> Result<TemporaryCredentials> {
    return TemporaryCredentials{credentials, Time::max()};
  };
}

/// Half a key pair is refused: what comes next in the order may be another account.
Result<std::optional<CredentialsSource>> from_environment(const Host& host) {
  constexpr const char* kKey = "AWS_ACCESS_KEY_ID";
  constexpr const char* kSecret = "AWS_SECRET_ACCESS_KEY";
  const auto key = host.variable(kKey);
  const auto secret = host.variable(kSecret);
  if (!key && !secret) return std::nullopt;
  if (!key || !secret) {
    return fail(ErrorKind::bad_input, "IncompleteKeyPair",
                fmt::format("found {} without {}, expected both, or neither for a profile's credentials",
                            key ? kKey : kSecret, key ? kSecret : kKey));
  }
  return fixed({*key, *secret, host.variable("AWS_SESSION_TOKEN").value_or("")});
}

/// A role whose token is in a file that is read anew each time, for it is replaced from time to time.
CredentialsSource from_web_identity(const CredentialsContext& context, AssumeRole role,
                                    std::string token_file) {
  const auto* host = &context.host;
  auto* requester = &context.requester;
  return [=, region = context.region, role = std::move(role),
          token_file = std::move(token_file)]() -> Result<TemporaryCredentials> {
    const auto token = TRY(host->read_file(token_file));
    if (!token) {
      return fail(ErrorKind::aws, "NoCredentials", "no web identity token file at " + token_file);
    }
    CredentialsCaller caller(*requester, nullptr);
    return Sts(caller, {region, ""}).assume_role_with_web_identity(role, *token);
  };
}

CredentialsSource from_role(const CredentialsContext& context, AssumeRole role, CredentialsSource base) {
  auto* requester = &context.requester;
  auto credentials = std::make_shared<CachedCredentials>(std::move(base), requester->clock());
  return [=, region = context.region, role = std::move(role)]() -> Result<TemporaryCredentials> {
    CredentialsCaller caller(*requester, credentials);
    return Sts(caller, {region, ""}).assume_role(role);
  };
}

CredentialsSource from_process(const Host& host, std::string command) {
  return [&host, command = std::move(command)]() -> Result<TemporaryCredentials> {
    const auto output = host.run(command);
    if (!output) return tl::unexpected(with_context(output.error(), "credential_process"));
    const auto answer = parse_json(*output, 16);
    if (!answer || get_int(*answer, "Version") != 1) {
      return fail(ErrorKind::bad_input, "InvalidCredentials",
                  "credential_process: expected a JSON object of Version 1");
    }
    return read_json_credentials(*answer, "SessionToken");
  };
}

/// Walks from a profile through its source profiles.
class ProfileChain {
 public:
  explicit ProfileChain(const CredentialsContext& context) : context_(context) {}

  /// nullopt where the profile says nothing about credentials.
  Result<std::optional<CredentialsSource>> source(const std::string& name) {
    const auto profile = context_.config.profiles.find(name);
    if (profile == context_.config.profiles.end()) return std::nullopt;
    const bool first_visit = visited_.insert(name).second;
    if (first_visit && !property(profile->second, "role_arn").empty()) {
      return TRY(role_source(name, profile->second));
    }
    if (uses_sso(profile->second)) {
      return TRY(from_sso(context_.host, context_.config, context_.requester, name));
    }
    if (auto keys = TRY(static_source(name, profile->second))) return keys;
    if (const auto command = property(profile->second, "credential_process"); !command.empty()) {
      return from_process(context_.host, command);
    }
    if (!first_visit) return refuse(name, "its source_profile leads back to itself");
    return std::nullopt;
  }

 private:
  Result<std::optional<CredentialsSource>> static_source(const std::string& name, const Profile& profile) {
    const auto key = property(profile, "aws_access_key_id");
    const auto secret = property(profile, "aws_secret_access_key");
    if (key.empty() && secret.empty()) return std::nullopt;
    if (key.empty() || secret.empty()) {
      return refuse(name, "expected both aws_access_key_id and aws_secret_access_key");
    }
    return fixed({key, secret, property(profile, "aws_session_token")});
  }

  Result<CredentialsSource> role_source(const std::string& name, const Profile& profile) {
    if (!property(profile, "mfa_serial").empty()) return refuse(name, "mfa_serial is not supported");
    auto role = TRY(role_request(name, profile));
    const auto token_file = property(profile, "web_identity_token_file");
    if (!token_file.empty()) return from_web_identity(context_, std::move(role), token_file);
    const auto source_profile = property(profile, "source_profile");
    const auto credential_source = property(profile, "credential_source");
    if (source_profile.empty() == credential_source.empty()) {
      return refuse(name, "role_arn needs either source_profile or credential_source");
    }
    auto base = TRY(source_profile.empty() ? named_source(name, credential_source) : source(source_profile));
    if (!base)
      return refuse(name, fmt::format("its source_profile \"{}\" has no credentials", source_profile));
    return from_role(context_, std::move(role), *std::move(base));
  }

  static Result<AssumeRole> role_request(const std::string& name, const Profile& profile) {
    AssumeRole role{property(profile, "role_arn"), property(profile, "role_session_name"),
                    property(profile, "external_id")};
    if (role.session_name.empty()) role.session_name = kSessionName;
    const auto seconds = property(profile, "duration_seconds");
    const auto* end = seconds.data() + seconds.size();
    if (!seconds.empty() && std::from_chars(seconds.data(), end, role.duration_seconds).ptr != end) {
      return refuse(name, "duration_seconds: expected a number");
    }
    return role;
  }

  Result<std::optional<CredentialsSource>> named_source(const std::string& name, const std::string& source) {
    if (source == "Environment") return from_environment(context_.host);
    if (source == "EcsContainer") return from_container(context_.host, context_.requester);
    if (source == "Ec2InstanceMetadata") return from_instance_metadata(context_.host, context_.requester);
    return refuse(name, "credential_source: expected Environment, EcsContainer or Ec2InstanceMetadata");
  }

  static tl::unexpected<Error> refuse(const std::string& name, std::string_view what) {
    return fail(ErrorKind::bad_input, "InvalidProfile", fmt::format("profile \"{}\": {}", name, what));
  }

  const CredentialsContext& context_;
  std::set<std::string> visited_;
};

std::optional<CredentialsSource> from_web_identity_variables(const CredentialsContext& context) {
  const auto token_file = context.host.variable("AWS_WEB_IDENTITY_TOKEN_FILE");
  const auto role_arn = context.host.variable("AWS_ROLE_ARN");
  if (!token_file || !role_arn) return std::nullopt;
  const auto session_name = context.host.variable("AWS_ROLE_SESSION_NAME").value_or(kSessionName);
  return from_web_identity(context, {*role_arn, session_name, ""}, *token_file);
}

CredentialsSource none() {
  return []() -> Result<TemporaryCredentials> {
    return fail(
        ErrorKind::aws, "NoCredentials",
        "no AWS credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile "
        "with --profile or AWS_PROFILE");
  };
}

}  // namespace

Result<CredentialsSource> find_credentials(const CredentialsContext& context) {
  if (!context.profile_was_named) {
    if (auto source = TRY(from_environment(context.host))) return *std::move(source);
  }
  if (auto source = TRY(ProfileChain(context).source(context.profile))) return *std::move(source);
  if (auto source = from_web_identity_variables(context)) return *std::move(source);
  if (auto source = from_container(context.host, context.requester)) return *std::move(source);
  if (auto source = from_instance_metadata(context.host, context.requester)) return *std::move(source);
  return none();
}

}  // namespace lamplighter::aws
