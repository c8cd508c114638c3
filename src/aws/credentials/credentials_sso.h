// Credentials of a profile that signs in by IAM Identity Center (`aws sso login`).
#pragma once

#include "aws/credentials/config.h"
#include "aws/credentials/credentials.h"
#include "base/host.h"
#include "base/result.h"

namespace lamplighter::aws {

/// Whether the profile has sso_session or sso_start_url.
bool uses_sso(const Profile& profile);

/// Trades the token that `aws sso login` left under ~/.aws/sso/cache, which is read anew each time, for the
/// profile's account and role. Error now: bad_input "InvalidProfile"; at a fetch: aws "NoCredentials" where
/// there is no token or it has ended.
Result<CredentialsSource> from_sso(const Host& host, const Config& config, Requester& requester,
                                   const std::string& profile);

}  // namespace lamplighter::aws
