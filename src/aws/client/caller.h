// One AWS API call, from its parameters to its answer's body: endpoint, credentials, signing, retries,
// counting. The typed calls (ec2.h, cloudwatch.h, sns.h, sts.h) stand on it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "http/transport.h"
#include "http/uri.h"
#include "json/json.h"

namespace lamplighter::aws {

/// A moment by a clock's steady(), after which nothing is sent any more. Refers to the clock. A moment, not
/// how long: a process that is stopped meanwhile must not go on with what others count on to be over.
struct Until {
  const Clock* clock = nullptr;  ///< nullptr: as long as retries take
  Time moment{};

  /// nullopt for no end; zero or less once it has passed.
  [[nodiscard]] std::optional<Duration> left() const {
    return clock == nullptr ? std::nullopt : std::optional(moment - clock->steady());
  }
};

/// Where calls go, as whom, and until when.
struct Target {
  std::string region;
  std::string role_arn;  ///< "" for the caller's own credentials
  Until until{};         ///< retries included
  friend bool operator<(const Target& a, const Target& b) {
    return std::tie(a.region, a.role_arn) < std::tie(b.region, b.role_arn);
  }
};

using http::Credentials;
using http::Parameters;

/// How often each API was called, by "service:Action" ("ec2:DescribeInstances"), retries included.
using CallCounts = std::map<std::string, std::uint64_t>;

/// Safe to use from several threads. Retries by the "standard" mode of AWS's SDKs, sleeping on its clock;
/// assumes a target's role through STS and keeps its credentials until they are near their end.
class Caller {
 public:
  virtual ~Caller() = default;

  /// Calls `action` of a service that speaks the ec2 or query protocol ("ec2", "cloudwatch", "sns", "sts")
  /// and gives the XML of a success. Error: aws, with AWS's code ("UnauthorizedOperation",
  /// "RequestLimitExceeded", …) and message, or "ConnectionError", "RequestTimeout", "NoCredentials".
  virtual Result<std::string> call(const Target& target, std::string_view service, std::string_view action,
                                   const Parameters& parameters) = 0;

  /// The same for a service that speaks JSON ("resource_groups_tagging_api", "sfn"). A caller that has no way
  /// to such services says "UnknownService".
  virtual Result<std::string> call_json(const Target& target, std::string_view service,
                                        std::string_view action, const json::object& body);

  [[nodiscard]] virtual CallCounts counts() const = 0;
};

}  // namespace lamplighter::aws
