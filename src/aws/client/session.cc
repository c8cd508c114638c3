#include "aws/client/session.h"

#include <charconv>

#include <fmt/format.h>

#include "aws/client/error_codes.h"
#include "aws/client/json_call.h"
#include "aws/client/query.h"
#include "aws/credentials/credentials_chain.h"
#include "base/shell_quoted.h"

namespace lamplighter::aws {
namespace {

// What stands for AWS on this machine takes any key pair: it is asked with this one where none is configured.
const Credentials stand_in_credentials{"lamplighter", "lamplighter", ""};

// Whoever waits for a role has a call of his own to make, in a time of its own.
constexpr Duration kRolePatience = std::chrono::seconds{25};

std::string first_of(std::initializer_list<std::string> choices) {
  for (const auto& choice : choices) {
    if (!choice.empty()) return choice;
  }
  return "";
}

/// The profile in use; an empty one where the default profile is not configured.
Result<Profile> find_profile(const Config& config, const std::string& name, bool was_named) {
  if (const auto found = config.profiles.find(name); found != config.profiles.end()) return found->second;
  if (!was_named) return Profile{};
  return fail(ErrorKind::bad_input, "ProfileNotFound",
              "no profile \"" + name + "\" in the AWS config and credentials files");
}

Result<int> max_attempts(const Host& host, const Profile& profile) {
  const auto text =
      first_of({host.variable("AWS_MAX_ATTEMPTS").value_or(""), property(profile, "max_attempts")});
  int attempts = 3;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, attempts);
  if (text.empty() || (parsed.ptr == end && attempts >= 1 && attempts <= 20)) return attempts;
  return fail(ErrorKind::bad_input, "InvalidAwsConfig", "AWS_MAX_ATTEMPTS: expected a number from 1 to 20");
}

}  // namespace

Result<std::unique_ptr<Session>> Session::make(const SessionOptions& options, const Host& host,
                                               http::Transport& transport, Clock& clock) {
  auto session = std::unique_ptr<Session>(new Session);
  session->config_ = TRY(load_config(host));
  const auto variable = [&](const char* name) { return host.variable(name).value_or(""); };
  const auto name = first_of({options.profile, variable("AWS_PROFILE"), variable("AWS_DEFAULT_PROFILE")});
  const auto profile_name = name.empty() ? "default" : name;
  const auto profile = TRY(find_profile(session->config_, profile_name, !name.empty()));
  const bool has_key_pair = options.profile.empty() && host.variable("AWS_ACCESS_KEY_ID");
  session->credentials_name_ = has_key_pair ? "the environment's key pair" : "profile " + profile_name;
  session->renewal_ = has_key_pair ? "renew AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN"
                                   : "renew those of the profile: aws sso login --profile " +
                                         shell_quoted(profile_name) + ", or as they were got";
  session->region_ = first_of(
      {options.region, variable("AWS_REGION"), variable("AWS_DEFAULT_REGION"), property(profile, "region")});
  auto endpoints = TRY(Endpoints::make(options.endpoint_url, host, session->config_, profile));
  session->requester_ = std::make_unique<Requester>(transport, clock, std::move(endpoints), options.seed,
                                                    TRY(max_attempts(host, profile)));
  const auto sts_region = first_of({session->region_, "us-east-1"});
  auto source = options.credentials
                    ? CredentialsSource([given = *options.credentials]() -> Result<TemporaryCredentials> {
                        return TemporaryCredentials{given, Time::max()};
                      })
                    : TRY(find_credentials({host, session->config_, *session->requester_, sts_region,
                                            profile_name, !options.profile.empty()}));
  session->own_ = std::make_shared<CachedCredentials>(std::move(source), clock);
  return session;
}

Result<std::string> Session::call(const Target& target, std::string_view service, std::string_view action,
                                  const Parameters& parameters) {
  const auto region = TRY(region_of(target));
  auto answer = TRY(send(target, TRY(query_request(region, service, action, parameters)))).body;
  if (auto status = check_answer(action, answer); !status) {
    return tl::unexpected(
        with_context(std::move(status).error(), fmt::format("{}:{} in {}", service, action, region)));
  }
  return answer;
}

Result<std::string> Session::call_json(const Target& target, std::string_view service,
                                       std::string_view action, const json::object& body) {
  const auto region = TRY(region_of(target));
  return TRY(send(target, TRY(json_request(region, service, action, body)))).body;
}

Result<http::Response> Session::send(const Target& target, ApiRequest request) {
  request.region = TRY(region_of(target));
  request.until = target.until;
  auto answer = TRY(caller_for(target)).send(request);
  if (!answer && find_error_code(answer.error().code).expired) {
    auto& [kind, code, message] = answer.error();
    message += fmt::format(" ({}: the credentials have expired; {})", code, renewal_);
  }
  if (answer || answer.error().code != "NoCredentials") return answer;
  if (!requester_->endpoints().on_loopback(request.service)) return answer;
  return requester_->send(request, &stand_in_credentials);
}

CallCounts Session::counts() const { return requester_->counts(); }

CallCounts Session::throttles() const { return requester_->throttles(); }

Result<std::string> Session::region_of(const Target& target) const {
  auto region = first_of({target.region, region_});
  if (!region.empty()) return region;
  return fail(ErrorKind::bad_input, "NoRegion",
              "no AWS region: give one in the fleet file, with --region or in AWS_REGION");
}

/// As whom a target is called. A role is assumed, with the session's own credentials, when first needed.
Result<CredentialsCaller> Session::caller_for(const Target& target) {
  if (target.role_arn.empty()) return CredentialsCaller(*requester_, own_);
  const auto region = TRY(region_of(target));
  const std::lock_guard lock(mutex_);
  auto& role = roles_[target.role_arn];
  if (!role) {
    role = std::make_shared<CachedCredentials>(
        [this, region, role_arn = target.role_arn]() -> Result<TemporaryCredentials> {
          CredentialsCaller own(*requester_, own_);
          return Sts(own, {region, "", {&requester_->clock(), requester_->clock().steady() + kRolePatience}})
              .assume_role({role_arn, "lamplighter", ""});
        },
        requester_->clock());
  }
  return CredentialsCaller(*requester_, role);
}

}  // namespace lamplighter::aws
