#include "aws/client/rates.h"

#include <algorithm>
#include <cassert>
#include <span>

#include <fmt/format.h>

namespace lamplighter::aws {
namespace {

// As AWS documents them.
constexpr Rate kRequestRates[] = {
    {"ec2:StartInstances", 5, 2},
    {"ec2:StopInstances", 50, 5},
    {"ec2:Describe*", 100, 20},
    {"cloudwatch:DescribeAlarms", 9, 9},
    {"cloudwatch:DisableAlarmActions", 3, 3},
    {"cloudwatch:EnableAlarmActions", 3, 3},
};
constexpr Rate kInstanceRates[] = {
    {"ec2:StartInstances", 1000, 2},
    {"ec2:StopInstances", 1000, 20},
};

/// Less one request: one that arrives a little early must not be refused.
constexpr double kEarly = 1;

std::optional<TokenBucket> bucket_of(std::span<const Rate> rates, std::string_view api, double less) {
  const Rate* rate = find_rate(rates, api);
  return rate == nullptr ? std::nullopt : std::optional(TokenBucket(rate->capacity - less, rate->refill));
}

/// Roles of one account share its rates; "" for the caller's own credentials.
std::string account_of(const std::string& role_arn) {
  const auto begin = role_arn.find("::");
  if (begin == std::string::npos) return role_arn;
  return role_arn.substr(begin + 2, role_arn.find(':', begin + 2) - begin - 2);
}

}  // namespace

const Rate& documented_rate(std::string_view api) {
  const Rate* rate = find_rate(kRequestRates, api);
  assert(rate != nullptr);
  return *rate;
}

std::optional<Duration> Rates::book(const Target& target, std::string_view api, std::size_t instances,
                                    Time now, Duration patience) {
  const std::lock_guard lock(mutex_);
  auto& [requests, named] = buckets(target, api);
  Duration wait{0};
  if (requests) wait = requests->wait_for(1, now);
  if (named) wait = std::max(wait, named->wait_for(static_cast<double>(instances), now));
  if (wait > patience) return std::nullopt;
  if (requests) requests->book(1);
  if (named) named->book(static_cast<double>(instances));
  return wait;
}

void Rates::refused(const Target& target, std::string_view api, Time now) {
  const std::lock_guard lock(mutex_);
  auto& [requests, named] = buckets(target, api);
  if (requests) requests->drain(now);
  if (named) named->drain(now);
}

Rates::Buckets& Rates::buckets(const Target& target, std::string_view api) {
  const std::string key = fmt::format("{}/{}/{}", account_of(target.role_arn), target.region, api);
  const auto known = buckets_.find(key);
  if (known != buckets_.end()) return known->second;
  return buckets_
      .emplace(key, Buckets{bucket_of(kRequestRates, api, kEarly), bucket_of(kInstanceRates, api, 0)})
      .first->second;
}

}  // namespace lamplighter::aws
