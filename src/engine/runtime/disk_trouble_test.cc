// What people are told of a disk that fails: when it begins, rarely while it lasts, and when it is over.
#include "engine/runtime/disk_trouble.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::engine {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr Time kBegin{seconds{1'000}};

TEST(DiskTrouble, IsToldOnceHoweverManySmallWritesSucceedInBetween) {
  DiskTrouble disk(seconds{60});
  EXPECT_EQ(disk.backoff(), Duration::zero());
  EXPECT_THAT(disk.failed(kBegin, "full"), HasSubstr("can't be written (full)"));
  for (int second = 1; second < 3'600; ++second) {
    disk.wrote();
    EXPECT_EQ(disk.calmed(kBegin + seconds{second}), "");
    if (second % 30 != 0) continue;
    EXPECT_EQ(disk.failed(kBegin + seconds{second}, "full"), "");
  }
  EXPECT_GT(disk.backoff(), seconds{1}) << "what fails is not tried in haste";
}

TEST(DiskTrouble, IsOverOnceNothingHasFailedForAWhile) {
  DiskTrouble disk(seconds{60});
  static_cast<void>(disk.failed(kBegin, "full"));
  EXPECT_FALSE(disk.over_at()) << "nobody knows: nothing was written since";
  EXPECT_EQ(disk.calmed(kBegin + hours{1}), "");
  disk.wrote();
  EXPECT_EQ(disk.over_at(), kBegin + seconds{60});
  EXPECT_EQ(disk.calmed(kBegin + seconds{59}), "");
  EXPECT_EQ(disk.calmed(kBegin + seconds{60}), "the database can be written again");
  EXPECT_EQ(disk.backoff(), Duration::zero());
  EXPECT_EQ(disk.calmed(kBegin + seconds{61}), "") << "told once";
}

TEST(DiskTrouble, IsToldAgainWhereItLastsLong) {
  DiskTrouble disk(seconds{60});
  static_cast<void>(disk.failed(kBegin, "full"));
  EXPECT_EQ(disk.failed(kBegin + hours{5}, "full"), "");
  EXPECT_THAT(disk.failed(kBegin + hours{6}, "full"), HasSubstr("still can't be written"));
  EXPECT_EQ(disk.failed(kBegin + hours{7}, "full"), "");
}

}  // namespace
}  // namespace lamplighter::engine
