#include "aws/client/retry.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "aws/client/error_codes.h"

namespace lamplighter::aws {
namespace {

constexpr int kRetryCost = 5;
constexpr int kTimeoutCost = 10;
constexpr double kMaxDelaySeconds = 20;

}  // namespace

bool is_retryable(const Failure& failure) {
  const auto& code = failure.error.code;
  if (is_known_error_code(code)) return find_error_code(code).concern == Concern::nobody;
  constexpr std::array<int, 4> kServerErrors{500, 502, 503, 504};
  return std::find(kServerErrors.begin(), kServerErrors.end(), failure.http_status) != kServerErrors.end();
}

std::optional<Duration> RetryPolicy::next(const Failure& failure, int attempt, int& paid) {
  if (attempt >= max_attempts_ || !is_retryable(failure)) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const int cost = find_error_code(failure.error.code).timeout ? kTimeoutCost : kRetryCost;
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
