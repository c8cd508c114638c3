#include "simcloud/rate_limits.h"

#include <fmt/format.h>

#include "base/rate_table.h"

namespace lamplighter::simcloud {
namespace {

// EC2: "Request throttling for the Amazon EC2 API". CloudWatch, the tagging API, SNS: "service quotas", with
// a second's worth of capacity.
constexpr Rate kRequestRates[] = {
    {"ec2:StartInstances", 5, 2},
    {"ec2:StopInstances", 50, 5},
    {"ec2:Describe*", 100, 20},
    {"ec2:*", 50, 5},
    {"monitoring:DescribeAlarms", 9, 9},
    {"monitoring:DisableAlarmActions", 3, 3},
    {"monitoring:EnableAlarmActions", 3, 3},
    {"monitoring:*", 10, 10},
    {"tagging:GetResources", 15, 15},
    {"tagging:*", 5, 5},
    {"sns:*", 30, 30},
    {"sts:*", 100, 100},
};
constexpr Rate kInstanceRates[] = {
    {"ec2:StartInstances", 1000, 2},
    {"ec2:StopInstances", 1000, 20},
};

// More than regions × APIs can honestly be: whoever invents regions starts over.
constexpr std::size_t kMostBuckets = 10'000;

}  // namespace

bool RateLimits::allow(std::string_view region, std::string_view service, std::string_view action,
                       std::size_t instances, Time now) {
  const std::string api = fmt::format("{}:{}", service, action);
  if (const Rate* rate = find_rate(kRequestRates, api)) {
    if (!bucket(fmt::format("{}/{}", region, api), rate->capacity, rate->refill).take(1, now)) return false;
  }
  const Rate* rate = find_rate(kInstanceRates, api);
  return rate == nullptr || bucket(fmt::format("{}/{}/instances", region, api), rate->capacity, rate->refill)
                                .take(static_cast<double>(instances), now);
}

TokenBucket& RateLimits::bucket(const std::string& key, double capacity, double refill) {
  if (const auto known = buckets_.find(key); known != buckets_.end()) return known->second;
  if (buckets_.size() >= kMostBuckets) buckets_.clear();
  return buckets_.emplace(key, TokenBucket(capacity, refill)).first->second;
}

}  // namespace lamplighter::simcloud
