// Credentials that an endpoint of the machine hands out: a container's, or EC2's instance metadata (version
// 2).
#pragma once

#include <optional>
#include <string_view>

#include "aws/credentials/credentials.h"
#include "base/host.h"
#include "json/json.h"

namespace lamplighter::aws {

/// The endpoint of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI (HTTPS, loopback or a container
/// agent's address only); nullopt where neither is set. Its token file is read anew for each request.
std::optional<CredentialsSource> from_container(const Host& host, Requester& requester);

/// IMDSv2; nullopt where AWS_EC2_METADATA_DISABLED is "true".
std::optional<CredentialsSource> from_instance_metadata(const Host& host, Requester& requester);

/// Reads {AccessKeyId, SecretAccessKey, `token_key`, Expiration?}. Error: aws "InvalidCredentials".
Result<TemporaryCredentials> read_json_credentials(const json::value& value, std::string_view token_key);

}  // namespace lamplighter::aws
