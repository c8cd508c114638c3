// AWS Systems Manager's Parameter Store: as much of it as a secret needs.
#pragma once

#include <string>

#include "aws/client/caller.h"

namespace lamplighter::aws {

/// Calls of one region and role. Keeps a reference to `caller`; cheap to make.
class Ssm {
 public:
  Ssm(Caller& caller, Target target) : caller_(caller), target_(std::move(target)) {}

  /// A parameter's value, decrypted where it is encrypted. Errors: the caller's, "ParameterNotFound",
  /// "AccessDeniedException", … and "InvalidResponse"; none holds the value.
  Result<std::string> get_parameter(const std::string& name);

 private:
  Caller& caller_;
  Target target_;
};

}  // namespace lamplighter::aws
