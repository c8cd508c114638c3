// AWS STS, API version 2011-06-15.
#pragma once

#include <string>

#include "aws/client/caller.h"

namespace lamplighter::aws {

/// Credentials with an end.
struct TemporaryCredentials {
  Credentials credentials;
  Time expires;
};

struct AssumeRole {
  std::string role_arn;
  std::string session_name;
  std::string external_id;  ///< "" for none
  int duration_seconds = 3600;
};

struct CallerIdentity {
  std::string account;
  std::string arn;
};

/// Calls of one region. Keeps a reference to `caller`; cheap to make.
class Sts {
 public:
  Sts(Caller& caller, Target target) : caller_(caller), target_(std::move(target)) {}

  Result<TemporaryCredentials> assume_role(const AssumeRole& request);
  /// Needs no credentials of one's own: `web_identity_token` proves who asks.
  Result<TemporaryCredentials> assume_role_with_web_identity(const AssumeRole& request,
                                                             const std::string& web_identity_token);
  Result<CallerIdentity> get_caller_identity();

 private:
  Caller& caller_;
  Target target_;
};

}  // namespace lamplighter::aws
