#include "aws/client/retry.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace lamplighter::aws {
namespace {

constexpr int kRetryCost = 5;
constexpr int kTimeoutCost = 10;
constexpr double kMaxDelaySeconds = 20;

constexpr std::array<std::string_view, 3> kTimeouts{"RequestTimeout", "RequestTimeoutException",
                                                    "PriorRequestNotComplete"};
constexpr std::array<std::string_view, 13> kThrottling{"Throttling",
                                                       "ThrottlingException",
                                                       "ThrottledException",
                                                       "RequestThrottled",
                                                       "RequestThrottledException",
                                                       "TooManyRequestsException",
                                                       "ProvisionedThroughputExceededException",
                                                       "TransactionInProgressException",
                                                       "RequestLimitExceeded",
                                                       "BandwidthLimitExceeded",
                                                       "LimitExceededException",
                                                       "SlowDown",
                                                       "EC2ThrottledException"};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool is_lack_of_capacity(std::string_view code) {
  return code.starts_with("Insufficient") && code.ends_with("Capacity");
}

}  // namespace

bool is_retryable(const Failure& failure) {
  const auto& code = failure.error.code;
  if (is_lack_of_capacity(code)) return false;
  if (code == "ConnectionError" || contains(kTimeouts, code) || contains(kThrottling, code)) return true;
  constexpr std::array<int, 4> kServerErrors{500, 502, 503, 504};
  return std::find(kServerErrors.begin(), kServerErrors.end(), failure.http_status) != kServerErrors.end();
}

std::optional<Duration> RetryPolicy::next(const Failure& failure, int attempt, int& paid) {
  if (attempt >= max_attempts_ || !is_retryable(failure)) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const int cost = contains(kTimeouts, failure.error.code) ? kTimeoutCost : kRetryCost;
  if (tokens_ < cost) return std::nullopt;
  tokens_ -= cost;
  paid = cost;
  const double seconds = random_.uniform() * std::min(std::exp2(attempt - 1), kMaxDelaySeconds);
  return Duration(static_cast<Duration::rep>(seconds * 1000));
}

void RetryPolicy::succeeded(int paid) {
  const std::lock_guard lock(mutex_);
  tokens_ = std::min(kCapacity, tokens_ + std::max(paid, 1));
}

}  // namespace lamplighter::aws
