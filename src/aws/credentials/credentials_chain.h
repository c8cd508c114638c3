// Where credentials come from: AWS's order of sources.
#pragma once

#include <string>

#include "aws/credentials/config.h"
#include "aws/credentials/credentials.h"
#include "base/host.h"

namespace lamplighter::aws {

/// References must outlive every source that is made from them.
struct CredentialsContext {
  const Host& host;
  const Config& config;
  Requester& requester;
  std::string region;              ///< STS is called there; "" for the global default, us-east-1
  std::string profile;             ///< the profile in use
  bool profile_was_named = false;  ///< by the user, on the command line: it then wins over the environment
};

/// Chooses the first of: environment variables; the profile (a role with its source, web identity, SSO,
/// static keys, credential_process); web identity by environment variables; a container's endpoint; EC2's
/// instance metadata. Nothing is fetched yet. Error: bad_input, with what is wrong with the variables
/// or the profile.
Result<CredentialsSource> find_credentials(const CredentialsContext& context);

}  // namespace lamplighter::aws
