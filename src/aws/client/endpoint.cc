#include "aws/client/endpoint.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "aws/client/service.h"
#include "base/arn.h"
#include "base/authority.h"

namespace lamplighter::aws {
namespace {

bool is_true(std::string_view text) {
  return text == "true" || text == "True" || text == "TRUE" || text == "1";
}

bool is_path_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.~/").find(c) != std::string_view::npos;
}

/// "http(s)://host[:port][/path]" without the "/" at its end; nothing that could hold a password, and only
/// the path characters that curl 7.88 signs as AWS does.
Result<std::string> checked_url(std::string url, std::string_view where) {
  const std::string_view text = url;
  const bool has_scheme = text.starts_with("http://") || text.starts_with("https://");
  const auto authority = authority_of(text);
  const auto path = has_scheme ? text.substr(text.find("://") + 3 + authority.size()) : std::string_view();
  const bool good =
      has_scheme && parse_authority(authority) && std::all_of(path.begin(), path.end(), is_path_character);
  if (!good) {
    return fail(
        ErrorKind::bad_input, "InvalidEndpoint",
        fmt::format("{}: expected a URL such as http://localhost:4566, without user, query or fragment",
                    where));
  }
  url.erase(url.find_last_not_of('/') + 1);
  return url;
}

/// Endpoints of these kinds are not known here: whoever asks for them must not get others.
Status refuse_other_kinds(const Host& host, const Profile& profile) {
  constexpr std::array<std::pair<const char*, const char*>, 2> kSettings{
      {{"AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"},
       {"AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"}}};
  for (const auto& [variable, key] : kSettings) {
    const auto set = host.variable(variable);
    if (!is_true(set ? *set : property(profile, key))) continue;
    return fail(ErrorKind::bad_input, "NotSupported",
                fmt::format("found {} to be true, which is not supported yet, expected false: "
                            "AWS_ENDPOINT_URL_EC2 and the like can name such endpoints",
                            set ? variable : fmt::format("the profile's {}", key)));
  }
  return {};
}

}  // namespace

bool is_region(std::string_view text) {
  return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Result<Endpoints> Endpoints::make(const std::string& override_url, const Host& host, const Config& config,
                                  const Profile& profile) {
  CHECK_OK(refuse_other_kinds(host, profile));
  Endpoints endpoints;
  if (!override_url.empty()) {
    endpoints.for_all_ = TRY(checked_url(override_url, "--endpoint-url"));
    return endpoints;
  }
  if (is_true(host.variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").value_or("")) ||
      is_true(property(profile, "ignore_configured_endpoint_urls"))) {
    return endpoints;
  }
  const auto global = host.variable("AWS_ENDPOINT_URL");
  const auto section = config.services.find(property(profile, "services"));
  for (const Service& each : services()) {
    const std::string service(each.id);
    const auto name = fmt::format("AWS_ENDPOINT_URL_{}", each.variable);
    if (const auto own = host.variable(name)) {
      endpoints.for_service_[service] = TRY(checked_url(*own, name));
    } else if (!global && section != config.services.end()) {
      const auto nested = section->second.find(service);
      const auto url = nested == section->second.end() ? "" : property(nested->second, "endpoint_url");
      if (!url.empty()) endpoints.for_service_[service] = TRY(checked_url(url, "the profile's endpoint_url"));
    }
  }
  if (global) {
    endpoints.for_all_ = TRY(checked_url(*global, "AWS_ENDPOINT_URL"));
  } else if (const auto url = property(profile, "endpoint_url"); !url.empty()) {
    endpoints.for_all_ = TRY(checked_url(url, "the profile's endpoint_url"));
  }
  return endpoints;
}

Result<std::string> Endpoints::url(std::string_view service, std::string_view region) const {
  if (!is_region(region)) {
    return fail(ErrorKind::bad_input, "InvalidRegion",
                fmt::format("found region \"{}\", expected one such as us-east-1", region));
  }
  if (auto own = overridden(service); !own.empty()) return own;
  return fmt::format("https://{}.{}.{}", TRY(find_service(service)).host, region,
                     partition_of(region).dns_suffix);
}

std::string Endpoints::overridden(std::string_view service) const {
  const auto own = for_service_.find(std::string(service));
  return own == for_service_.end() ? for_all_ : own->second;
}

bool Endpoints::on_loopback(std::string_view service) const { return is_loopback_url(overridden(service)); }

}  // namespace lamplighter::aws
