// The key pair with which clients sign their requests to `lamplighter serve`. It lives in the state
// directory, so whoever may read that may use the API.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "json/json.h"

namespace lamplighter::api {

/// Never logged; printed by `lamplighter credentials` only.
struct KeyPair {
  std::string access_key_id;
  std::string secret_access_key;
};

/// The key pair of `state_dir`, made on first use (mode 0600, in a directory that is made 0700). Two
/// processes that come first at once agree on one. Error: bad_input "UnsafeKeyFile" (others may read it),
/// "InvalidKeyFile", "StateDirectory" where that can't be made; internal "KeyFile" (the disk).
Result<KeyPair> load_or_make_key_pair(const std::filesystem::path& state_dir);

/// What a `credential_process` of the AWS SDKs prints: {"Version": 1, "AccessKeyId": …, "SecretAccessKey":
/// …}.
json::value credential_process_form(const KeyPair& keys);

}  // namespace lamplighter::api
