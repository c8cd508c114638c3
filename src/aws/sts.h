// AWS STS, API version 2011-06-15.
#pragma once

#include <string>

#include "aws/caller.h"

namespace lamplighter::aws {

/// Credentials with an end.
struct TemporaryCredentials {
  Credentials credentials;
  Time expires;
};

struct CallerIdentity {
  std::string account;
  std::string arn;
};

/// Calls of one region. Keeps a reference to `caller`; cheap to make.
class Sts {
 public:
  Sts(Caller& caller, Target target) : caller_(caller), target_(std::move(target)) {}

  Result<TemporaryCredentials> assume_role(const std::string& role_arn, const std::string& session_name);
  Result<CallerIdentity> get_caller_identity();

 private:
  Caller& caller_;
  Target target_;
};

}  // namespace lamplighter::aws
