#include "base/nearest.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(EditDistance, counts_changes_and_swaps) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("settle", "settle"), 0U);
  EXPECT_EQ(edit_distance("setle", "settle"), 1U);
  EXPECT_EQ(edit_distance("phasse", "phases"), 1U);
  EXPECT_EQ(edit_distance("naem", "name"), 1U);
}

TEST(Nearest, finds_what_was_meant_and_nothing_else) {
  EXPECT_EQ(nearest("Timeout", {"timeout", "settle"}), "timeout");
  EXPECT_EQ(nearest("time_out", {"timeout", "settle"}), "timeout");
  EXPECT_EQ(nearest("xyzzy", {"timeout", "settle"}), std::nullopt);
  EXPECT_EQ(nearest("it", {"at"}), "at");
  EXPECT_EQ(nearest("xy", {"at"}), std::nullopt);
}

}  // namespace
}  // namespace lamplighter
