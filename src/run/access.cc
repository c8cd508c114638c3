#include "run/access.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/shell_quoted.h"
#include "run/aws_variables.h"

namespace lamplighter::run {
namespace {

constexpr std::array<const char*, 2> kRegions{"AWS_REGION", "AWS_DEFAULT_REGION"};

/// All that say where AWS is and whose configuration holds.
std::vector<std::string> variables() {
  std::vector<std::string> all = profile_variables();
  all.insert(all.end(), endpoint_variables().begin(), endpoint_variables().end());
  all.insert(all.end(), kRegions.begin(), kRegions.end());
  return all;
}

json::object to_json(const std::map<std::string, std::string>& texts) {
  json::object out;
  for (const auto& [name, text] : texts) out[name] = text;
  return out;
}

std::map<std::string, std::string> read_texts(const json::value& value, const char* key) {
  std::map<std::string, std::string> texts;
  const json::value* found = find(value, key);
  if (found == nullptr || !found->is_object()) return texts;
  for (const auto& member : found->get_object()) {
    if (member.value().is_string()) texts.emplace(member.key(), member.value().get_string());
  }
  return texts;
}

tl::unexpected<Error> other(const std::string& execution, const std::string& option, const std::string& given,
                            const std::string& remembered, const std::string& why) {
  const std::string with = remembered.empty() ? "without it" : "with " + shell_quoted(remembered);
  return fail(
      ErrorKind::bad_input, "OtherAccess",
      fmt::format("nothing was changed: found {} {}, but {} was started {}{}: leave the option out, it "
                  "goes on as it was started",
                  option, shell_quoted(given), execution, with, why));
}

/// What an option said, or the variable that stands in for it.
std::string said(const std::string& option, const Access& access, const std::string& variable) {
  const auto found = access.variables.find(variable);
  return option.empty() && found != access.variables.end() ? found->second : option;
}

}  // namespace

json::object to_json(const Access& access) {
  json::object out;
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) out[key] = text;
  };
  add("profile", access.profile);
  add("endpoint", access.endpoint);
  add("region", access.region);
  if (access.speed != 1) out["speed"] = access.speed;
  out["variables"] = to_json(access.variables);
  out["accounts"] = to_json(access.accounts);
  return out;
}

std::optional<Access> read_access(const json::value& input) {
  const json::value* found = find(input, kAccess);
  if (found == nullptr || !found->is_object()) return std::nullopt;
  Access access{.profile = get_string(*found, "profile"),
                .endpoint = get_string(*found, "endpoint"),
                .region = get_string(*found, "region"),
                .variables = read_texts(*found, "variables"),
                .accounts = read_texts(*found, "accounts")};
  const json::value* speed = find(*found, "speed");
  if (speed != nullptr && speed->is_number()) access.speed = speed->to_number<double>();
  return access;
}

Access access_of(const AwsOptions& options, double speed, const Host& host, const machine::Shape& shape,
                 const Accounts& accounts) {
  Access access{
      .profile = options.profile, .endpoint = options.endpoint_url, .region = options.region, .speed = speed};
  for (const std::string& name : variables()) {
    if (const auto value = host.variable(name)) access.variables.emplace(name, *value);
  }
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    if (accounts[i]) access.accounts.emplace(shape.environments[i].name(), *accounts[i]);
  }
  return access;
}

Result<AwsOptions> options_to_go_on(const std::string& execution, const Access& remembered,
                                    const AwsOptions& given) {
  AwsOptions options = given;
  options.variables = remembered.variables;
  for (const std::string& name : variables()) options.variables.try_emplace(name, "");
  options.region = remembered.region;
  options.endpoint_url = remembered.endpoint;
  options.profile = remembered.profile;
  const std::string endpoint = said(remembered.endpoint, remembered, "AWS_ENDPOINT_URL");
  if (!given.endpoint_url.empty() && given.endpoint_url != endpoint)
    return other(execution, "--endpoint-url", given.endpoint_url, endpoint, "");
  const std::string profile = said(remembered.profile, remembered, "AWS_PROFILE");
  if (given.profile.empty() || given.profile == profile) return options;
  if (remembered.accounts.empty())
    return other(execution, "--profile", given.profile, profile, ", in an account that was not asked for");
  options.profile = given.profile;
  return options;
}

Status check_same_way(const Access& given, const Access& held, const std::string& holder) {
  struct Part {
    const char* option;
    const std::string& given;
    const std::string& held;
    const char* variable;
  };
  for (const Part& part : {Part{"--profile", given.profile, held.profile, "AWS_PROFILE"},
                           Part{"--endpoint-url", given.endpoint, held.endpoint, "AWS_ENDPOINT_URL"}}) {
    const std::string wanted = said(part.given, given, part.variable);
    const std::string has = said(part.held, held, part.variable);
    if (wanted.empty() || wanted == has) continue;
    return fail(
        ErrorKind::bad_input, "OtherAccess",
        fmt::format("nothing was changed: found {} {}, but {} holds the state directory and works {}: "
                    "leave it out (or unset {}), or take another --state-dir",
                    part.option, shell_quoted(wanted), holder,
                    has.empty() ? "without one" : "with " + shell_quoted(has), part.variable));
  }
  if (given.speed == 1 || given.speed == held.speed) return {};
  return fail(
      ErrorKind::bad_input, "OtherAccess",
      fmt::format("nothing was changed: found --speed {}, but {} holds the state directory and works at "
                  "{}: leave it out",
                  given.speed, holder, held.speed));
}

bool leads_elsewhere(const Access& one, const Access& other) {
  const auto differs = [&](const std::string& variable) {
    return variable != "AWS_ENDPOINT_URL" && said("", one, variable) != said("", other, variable);
  };
  return said(one.profile, one, "AWS_PROFILE") != said(other.profile, other, "AWS_PROFILE") ||
         said(one.endpoint, one, "AWS_ENDPOINT_URL") != said(other.endpoint, other, "AWS_ENDPOINT_URL") ||
         std::any_of(endpoint_variables().begin(), endpoint_variables().end(), differs);
}

ExpectedAccounts accounts_in(const Access& remembered, const machine::Shape& shape) {
  ExpectedAccounts expected{{}, "as the execution was started"};
  for (const auto& environment : shape.environments) {
    const auto found = remembered.accounts.find(environment.name());
    expected.accounts.push_back(found == remembered.accounts.end() ? "" : found->second);
  }
  return expected;
}

}  // namespace lamplighter::run
