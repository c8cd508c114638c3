#include "aws/client/retry.h"

#include <gtest/gtest.h>

namespace lamplighter::aws {
namespace {

Failure failure(std::string code, int status) { return {{ErrorKind::aws, std::move(code), ""}, status}; }

TEST(Retry, TriesTransientAndThrottledOnly) {
  EXPECT_TRUE(is_retryable(failure("ConnectionError", 0)));
  EXPECT_TRUE(is_retryable(failure("RequestTimeout", 0)));
  EXPECT_TRUE(is_retryable(failure("RequestLimitExceeded", 503)));
  EXPECT_TRUE(is_retryable(failure("Throttling", 400)));
  EXPECT_TRUE(is_retryable(failure("InternalError", 500)));
  EXPECT_TRUE(is_retryable(failure("ServiceUnavailable", 502)));
  EXPECT_FALSE(is_retryable(failure("UnauthorizedOperation", 403)));
  EXPECT_FALSE(is_retryable(failure("InvalidInstanceID.NotFound", 400)));
  EXPECT_FALSE(is_retryable(failure("InsufficientInstanceCapacity", 500)));
  EXPECT_FALSE(is_retryable(failure("InsufficientHostCapacity", 500)));
  EXPECT_FALSE(is_retryable(failure("Http501", 501)));
}

TEST(Retry, DelaysGrowAndStayUnderTwentySeconds) {
  RetryPolicy policy(7, 20);
  for (int attempt = 1; attempt < 12; ++attempt) {
    Duration longest{};
    for (int i = 0; i < 200; ++i) {
      int paid = 0;
      const auto wait = policy.next(failure("Throttling", 400), attempt, paid);
      ASSERT_TRUE(wait);
      policy.succeeded(paid);
      longest = std::max(longest, *wait);
    }
    const Duration bound =
        std::min<Duration>(std::chrono::seconds(1) * (1 << (attempt - 1)), std::chrono::seconds(20));
    EXPECT_LT(longest, bound);
    EXPECT_GT(longest, bound * 9 / 10);
  }
}

TEST(Retry, QuotaRunsOutAndComesBack) {
  RetryPolicy policy(1, 1'000'000);
  int paid = 0;
  int retries = 0;
  while (policy.next(failure("ConnectionError", 0), 1, paid)) ++retries;
  EXPECT_EQ(retries, 100);
  for (int i = 0; i < 9; ++i) policy.succeeded(0);
  EXPECT_FALSE(policy.next(failure("RequestTimeout", 0), 1, paid));
  policy.succeeded(0);
  EXPECT_TRUE(policy.next(failure("RequestTimeout", 0), 1, paid));
  EXPECT_EQ(paid, 10);
}

TEST(Retry, StopsAfterTheLastAttempt) {
  RetryPolicy policy(1);
  int paid = 0;
  EXPECT_TRUE(policy.next(failure("Throttling", 400), 2, paid));
  EXPECT_FALSE(policy.next(failure("Throttling", 400), 3, paid));
}

}  // namespace
}  // namespace lamplighter::aws
