#include "aws/credentials/config.h"

#include <string_view>

namespace lamplighter::aws {
namespace {

constexpr std::string_view kProfile = "profile ";
constexpr std::string_view kServices = "services ";
constexpr std::string_view kSsoSession = "sso-session ";

/// The name after "prefix ", trimmed; "" where the section is of another kind.
std::string name_after(std::string_view section, std::string_view prefix) {
  if (!section.starts_with(prefix)) return "";
  section.remove_prefix(std::min(section.find_first_not_of(' ', prefix.size()), section.size()));
  return std::string(section);
}

Result<std::vector<IniSection>> read_sections(const Host& host, const std::string& path) {
  const auto text = TRY(host.read_file(path));
  return text ? parse_ini(*text, path) : std::vector<IniSection>{};
}

void merge(Profile& profile, const IniValues& values) {
  for (const auto& [key, value] : values) profile[key] = value;
}

void add_config_section(Config& config, const IniSection& section) {
  if (section.name == "default") {
    merge(config.profiles["default"], section.values);
  } else if (const auto profile = name_after(section.name, kProfile); !profile.empty()) {
    merge(config.profiles[profile], section.values);
  } else if (const auto services = name_after(section.name, kServices); !services.empty()) {
    config.services[services] = section.nested;
  } else if (const auto sso = name_after(section.name, kSsoSession); !sso.empty()) {
    config.sso_sessions[sso] = section.values;
  }
}

}  // namespace

std::string property(const Profile& profile, const std::string& key) {
  const auto found = profile.find(key);
  return found == profile.end() ? "" : found->second;
}

Result<Config> load_config(const Host& host) {
  Config config;
  const auto config_path = host.variable("AWS_CONFIG_FILE").value_or("~/.aws/config");
  for (const auto& section : TRY(read_sections(host, expand_home(host, config_path)))) {
    add_config_section(config, section);
  }
  const auto credentials_path = host.variable("AWS_SHARED_CREDENTIALS_FILE").value_or("~/.aws/credentials");
  for (const auto& section : TRY(read_sections(host, expand_home(host, credentials_path)))) {
    merge(config.profiles[section.name], section.values);
  }
  return config;
}

std::string expand_home(const Host& host, const std::string& path) {
  if (path != "~" && !path.starts_with("~/")) return path;
  return host.variable("HOME").value_or("") + path.substr(1);
}

}  // namespace lamplighter::aws
