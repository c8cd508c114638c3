#include "base/who.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(Who, ANumberStandsForAUserWithoutAName) {
  EXPECT_EQ(user_name(0), "root");
  EXPECT_EQ(user_name(4'000'000'123U), "4000000123");
  EXPECT_FALSE(own_user_name().empty());
}

}  // namespace
}  // namespace lamplighter
