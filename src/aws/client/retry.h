// The "standard" retry mode of AWS's SDKs: which failures are tried again, how long to wait, and a quota that
// stops a whole process from hammering a service in trouble.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

namespace lamplighter::aws {

/// A call that did not succeed; `http_status` is 0 where no answer came.
struct Failure {
  Error error;
  int http_status = 0;
};

/// Whether another attempt could help: errors that are nobody's matter (error_codes.h), and server errors
/// whose code is not known.
bool is_retryable(const Failure& failure);

/// Attempts of one process, shared by all its calls. Safe to use from several threads.
class RetryPolicy {
 public:
  RetryPolicy(std::uint64_t seed, int max_attempts = 3) : random_(seed), max_attempts_(max_attempts) {}

  /// The wait before the attempt after `attempt` (the first is 1), or nullopt where it is not to be made.
  /// `paid` receives what the retry took from the quota.
  std::optional<Duration> next(const Failure& failure, int attempt, int& paid);

  /// Gives back `paid`, or 1 where the first attempt succeeded.
  void succeeded(int paid);

 private:
  static constexpr int kCapacity = 500;
  std::mutex mutex_;
  Random random_;
  int max_attempts_;
  int tokens_ = kCapacity;
};

}  // namespace lamplighter::aws
