// Where each service is reached.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "aws/credentials/config.h"
#include "base/host.h"
#include "base/result.h"

namespace lamplighter::aws {

/// Knows every service's URL: an override for all (`--endpoint-url`), else AWS_ENDPOINT_URL_<SERVICE>,
/// AWS_ENDPOINT_URL, the profile's services section, the profile's endpoint_url (all four ignored with
/// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS), else AWS's own host in the region's partition. Immutable.
class Endpoints {
 public:
  /// Error: bad_input "InvalidEndpoint"; "NotSupported" where FIPS or dual-stack endpoints are asked for.
  static Result<Endpoints> make(const std::string& override_url, const Host& host, const Config& config,
                                const Profile& profile);

  /// Scheme, host, port and base path, without a "/" at the end. Error: bad_input "InvalidRegion"; internal
  /// "UnknownService".
  [[nodiscard]] Result<std::string> url(std::string_view service, std::string_view region) const;

  /// Whether the service is overridden to be on this machine: a stand-in for AWS.
  [[nodiscard]] bool on_loopback(std::string_view service) const;

 private:
  [[nodiscard]] std::string overridden(std::string_view service) const;

  std::string for_all_;                             ///< "" where AWS's own hosts serve
  std::map<std::string, std::string> for_service_;  ///< wins over for_all_
};

/// Whether `text` has the form of a region's name ("us-east-1").
bool is_region(std::string_view text);

}  // namespace lamplighter::aws
