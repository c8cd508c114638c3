// The rates at which AWS lets requests through: token buckets, one a region and API, and for EC2 one a region
// and API for the instances that the calls name.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/token_bucket.h"

namespace lamplighter::simcloud {

/// All buckets of a cloud, made when they are first asked for.
class RateLimits {
 public:
  /// May this call go through? `service` is the signing name, `instances` how many the call names.
  bool allow(std::string_view region, std::string_view service, std::string_view action,
             std::size_t instances, Time now);

 private:
  TokenBucket& bucket(const std::string& key, double capacity, double refill);

  std::map<std::string, TokenBucket> buckets_;
};

}  // namespace lamplighter::simcloud
