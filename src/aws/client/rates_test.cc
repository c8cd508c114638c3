#include "aws/client/rates.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace lamplighter::aws {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kNow{seconds{1'795'000'000}};
const Target kHere{"us-east-1", ""};

Duration turn(Rates& rates, Time now, std::size_t instances = 1, std::string_view api = "ec2:StartInstances",
              const Target& target = kHere) {
  return rates.book(target, api, instances, now).value();
}

TEST(Rates, ABurstGoesAtOnceAndTheRestInTurnByTheRefill) {
  Rates rates;
  std::vector<Duration> turns;
  for (int i = 0; i < 7; ++i) turns.push_back(turn(rates, kNow));
  EXPECT_EQ(turns, (std::vector<Duration>{
                       {}, {}, {}, {}, milliseconds{500}, milliseconds{1000}, milliseconds{1500}}));
  EXPECT_EQ(turn(rates, kNow + seconds{1}), milliseconds{1000}) << "behind those who were told to wait";
  EXPECT_EQ(turn(rates, kNow + seconds{60}), Duration::zero()) << "full again";
}

TEST(Rates, TheServersThatACallNamesCountToo) {
  Rates rates;
  EXPECT_EQ(turn(rates, kNow, 1000, "ec2:StopInstances"), Duration::zero());
  EXPECT_EQ(turn(rates, kNow, 100, "ec2:StopInstances"), seconds{5});
  EXPECT_EQ(turn(rates, kNow, 20, "ec2:StopInstances"), seconds{6});
}

TEST(Rates, AreAnAccountsAndARegionsAndAnApisOwn) {
  Rates rates;
  for (int i = 0; i < 4; ++i) turn(rates, kNow);
  EXPECT_GT(turn(rates, kNow), Duration::zero());
  EXPECT_EQ(turn(rates, kNow, 1, "ec2:StopInstances"), Duration::zero());
  EXPECT_EQ(turn(rates, kNow, 1, "ec2:StartInstances", {"eu-west-1", ""}), Duration::zero());
  const Target other{"us-east-1", "arn:aws:iam::123456789012:role/a"};
  const Target same_account{"us-east-1", "arn:aws:iam::123456789012:role/b"};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(turn(rates, kNow, 1, "ec2:StartInstances", other), Duration::zero());
  EXPECT_GT(turn(rates, kNow, 1, "ec2:StartInstances", same_account), Duration::zero());
}

TEST(Rates, WhatWouldTakeTooLongBooksNothing) {
  Rates rates;
  for (int i = 0; i < 4; ++i) turn(rates, kNow);
  EXPECT_EQ(rates.book(kHere, "ec2:StartInstances", 1, kNow, milliseconds{100}), std::nullopt);
  EXPECT_EQ(turn(rates, kNow), milliseconds{500});
}

TEST(Rates, AnApiWithoutAKnownRateNeverWaits) {
  Rates rates;
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(turn(rates, kNow, 1, "sns:Publish"), Duration::zero());
}

TEST(Rates, ARefusalByAwsSaysThatOthersUseItToo) {
  Rates rates;
  rates.refused(kHere, "ec2:StopInstances", kNow);
  EXPECT_EQ(turn(rates, kNow, 1, "ec2:StopInstances"), milliseconds{200});
}

/// What AWS does: it refuses whom it has no token for.
class Bucket {
 public:
  Bucket(double capacity, double refill) : capacity_(capacity), refill_(refill), tokens_(capacity) {}
  bool take(double count, Time at) {
    tokens_ = std::min(capacity_, tokens_ + std::chrono::duration<double>(at - filled_).count() * refill_);
    filled_ = at;
    if (tokens_ + 1e-9 < count) return false;
    tokens_ -= count;
    return true;
  }

 private:
  double capacity_;
  double refill_;
  double tokens_;
  Time filled_ = kNow;
};

TEST(Rates, WhoeverKeepsHisTurnIsNeverRefused) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Random random(seed);
    Rates rates;
    std::vector<std::pair<Time, double>> calls;
    Time now = kNow;
    for (int i = 0; i < 400; ++i) {
      if (random.chance(0.3)) now += Duration(static_cast<Duration::rep>(random.below(900)));
      const auto instances = 1 + random.below(20);
      calls.emplace_back(now + turn(rates, now, instances, "ec2:StopInstances"), instances);
    }
    std::sort(calls.begin(), calls.end());
    Bucket requests(50, 5);
    Bucket named(1000, 20);
    for (const auto& [at, instances] : calls) {
      EXPECT_TRUE(requests.take(1, at)) << seed;
      EXPECT_TRUE(named.take(instances, at)) << seed;
    }
  }
}

}  // namespace
}  // namespace lamplighter::aws
