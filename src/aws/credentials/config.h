// The AWS configuration of this machine: ~/.aws/config and ~/.aws/credentials, merged.
#pragma once

#include <map>
#include <string>

#include "aws/credentials/ini.h"
#include "base/host.h"
#include "base/result.h"

namespace lamplighter::aws {

/// A profile's properties by their lower-case names ("region", "role_arn", …).
using Profile = IniValues;

/// The property called `key`; "" where there is none.
std::string property(const Profile& profile, const std::string& key);

struct Config {
  std::map<std::string, Profile> profiles;
  std::map<std::string, std::map<std::string, IniValues>> services;  ///< section → service → properties
  std::map<std::string, IniValues> sso_sessions;
};

/// Reads both files (AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, or under ~/.aws); a file that does not
/// exist is empty. What the credentials file says of a profile wins. Error: bad_input.
Result<Config> load_config(const Host& host);

/// `path` with a leading "~" as the home directory.
std::string expand_home(const Host& host, const std::string& path);

}  // namespace lamplighter::aws
