#include "base/heartbeat.h"

#include <optional>

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

using std::chrono_literals::operator""min;

TEST(Heartbeat, CountsFromItsLastBeat) {
  Heartbeat heart;
  const auto before = Heartbeat::Moment::clock::now();
  EXPECT_FALSE(heart.has_beaten_since(before + 1min));
  heart.beat();
  EXPECT_TRUE(heart.has_beaten_since(before));
}

TEST(Heartbeat, ASlowAnswerFromOutsideIsNoHangingForLong) {
  Heartbeat heart;
  const auto now = Heartbeat::Moment::clock::now();
  std::optional<Heartbeat::Waiting> waiting(heart);
  EXPECT_TRUE(heart.has_beaten_since(now + 30min, now + 31min));
  EXPECT_FALSE(heart.has_beaten_since(now + 5min, now + Heartbeat::kLongestWait + 1min));
  waiting.reset();
  EXPECT_TRUE(heart.has_beaten_since(now));
  EXPECT_FALSE(heart.has_beaten_since(now + 30min, now + 31min));
}

}  // namespace
}  // namespace lamplighter
