#include "aws/services/sts.h"

#include "aws/client/xml.h"

namespace lamplighter::aws {
namespace {

Parameters role_parameters(const AssumeRole& request) {
  Parameters parameters{{"RoleArn", request.role_arn},
                        {"RoleSessionName", request.session_name},
                        {"DurationSeconds", std::to_string(request.duration_seconds)}};
  if (!request.external_id.empty()) parameters.emplace_back("ExternalId", request.external_id);
  return parameters;
}

Result<TemporaryCredentials> read_credentials(const std::string& xml, const char* path) {
  const auto document = TRY(parse_xml(xml));
  const auto node = document->document_element().first_element_by_path(path);
  TemporaryCredentials out{
      {text_at(node, "AccessKeyId"), text_at(node, "SecretAccessKey"), text_at(node, "SessionToken")}, {}};
  if (out.credentials.access_key_id.empty() || out.credentials.secret_access_key.empty()) {
    return fail(ErrorKind::aws, "InvalidResponse", "STS answered without credentials");
  }
  auto expires = parse_time(text_at(node, "Expiration"));
  if (!expires) return fail(ErrorKind::aws, "InvalidResponse", "STS answered without an expiration time");
  out.expires = *expires;
  return out;
}

}  // namespace

Result<TemporaryCredentials> Sts::assume_role(const AssumeRole& request) {
  return read_credentials(TRY(caller_.call(target_, "sts", "AssumeRole", role_parameters(request))),
                          "AssumeRoleResult/Credentials");
}

Result<TemporaryCredentials> Sts::assume_role_with_web_identity(const AssumeRole& request,
                                                                const std::string& web_identity_token) {
  auto parameters = role_parameters(request);
  parameters.emplace_back("WebIdentityToken", web_identity_token);
  return read_credentials(TRY(caller_.call(target_, "sts", "AssumeRoleWithWebIdentity", parameters)),
                          "AssumeRoleWithWebIdentityResult/Credentials");
}

Result<CallerIdentity> Sts::get_caller_identity() {
  const auto document = TRY(parse_xml(TRY(caller_.call(target_, "sts", "GetCallerIdentity", {}))));
  const auto root = document->document_element();
  return CallerIdentity{text_at(root, "GetCallerIdentityResult/Account"),
                        text_at(root, "GetCallerIdentityResult/Arn")};
}

}  // namespace lamplighter::aws
