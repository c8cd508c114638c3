#include "base/token_bucket.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kStart{seconds(1'800'000'000)};

TEST(TokenBucket, RefillsUpToItsCapacity) {
  TokenBucket bucket(5, 2);
  EXPECT_TRUE(bucket.take(5, kStart));
  EXPECT_FALSE(bucket.take(1, kStart));
  EXPECT_FALSE(bucket.take(1, kStart + milliseconds(499)));
  EXPECT_TRUE(bucket.take(1, kStart + milliseconds(500)));
  EXPECT_TRUE(bucket.take(5, kStart + seconds(3600)));
  EXPECT_FALSE(bucket.take(1, kStart + seconds(3600)));
}

TEST(TokenBucket, OneThatIsDrainedFillsAnew) {
  TokenBucket bucket(5, 2);
  bucket.drain(kStart);
  EXPECT_FALSE(bucket.take(1, kStart));
  EXPECT_TRUE(bucket.take(1, kStart + milliseconds(500)));
}

TEST(TokenBucket, WhatIsBookedAheadIsOwed) {
  TokenBucket bucket(2, 4);
  const Time now{std::chrono::seconds{1'000}};
  EXPECT_EQ(bucket.wait_for(2, now), Duration::zero());
  bucket.book(2);
  EXPECT_EQ(bucket.wait_for(1, now), Duration{250});
  bucket.book(1);
  EXPECT_EQ(bucket.wait_for(1, now), Duration{500}) << "behind what was booked";
  EXPECT_FALSE(bucket.take(1, now + Duration{499}));
  EXPECT_TRUE(bucket.take(1, now + Duration{500}));
}

}  // namespace
}  // namespace lamplighter
