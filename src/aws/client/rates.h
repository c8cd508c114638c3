// The rates at which AWS lets an account's requests through in a region, kept to on this side: a call that
// AWS would refuse for its rate is not made, but has its turn later.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "aws/client/caller.h"
#include "base/clock.h"
#include "base/rate_table.h"
#include "base/token_bucket.h"

namespace lamplighter::aws {

/// The code of the error for a call that is not made for its rate's sake.
inline constexpr std::string_view kKeptToRate = "KeptToRate";

/// The rate of an API's requests as AWS documents it, for who books turns of its own: "cloudwatch:
/// DisableAlarmActions". One of the table's must be named.
const Rate& documented_rate(std::string_view api);

/// EC2's and CloudWatch's documented rates, for each account and region that is called. Others may call there
/// too, so that AWS may refuse a call nevertheless. All moments are by Clock::steady(). Safe to use from
/// several threads.
class Rates {
 public:
  /// Books a call of `api` ("ec2:StopInstances") that names `instances` servers. Gives how long after `now`
  /// its turn is: zero for most. Turns are given in the order in which they are booked. nullopt: the turn
  /// would come after more than `patience`, and nothing is booked.
  std::optional<Duration> book(const Target& target, std::string_view api, std::size_t instances, Time now,
                               Duration patience = Duration::max());

  /// AWS has refused a call for its rate: others have used it up.
  void refused(const Target& target, std::string_view api, Time now);

 private:
  /// An API's bucket for its requests, and the one for the instances that they name.
  struct Buckets {
    std::optional<TokenBucket> requests;
    std::optional<TokenBucket> instances;
  };
  Buckets& buckets(const Target& target, std::string_view api);

  std::mutex mutex_;
  std::map<std::string, Buckets> buckets_;
};

}  // namespace lamplighter::aws
