#include "base/random.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(Random, IsTheSameForASeed) {
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317U);  // the published SplitMix64 vector
  EXPECT_EQ(random.next(), 3203168211198807973U);
}

TEST(Random, ForksDependOnTheLabelOnly) {
  const Random random(7);
  EXPECT_EQ(random.fork("a").next(), random.fork("a").next());
  EXPECT_NE(random.fork("a").next(), random.fork("b").next());
}

TEST(Random, UniformStaysInRange) {
  Random random(7);
  for (int i = 0; i < 1000; ++i) {
    const double x = random.uniform(2, 3);
    EXPECT_GE(x, 2);
    EXPECT_LT(x, 3);
  }
}

}  // namespace
}  // namespace lamplighter
