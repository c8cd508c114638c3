#include "json/json.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(Json, ReadsMembersByType) {
  const json::value value = {{"s", "x"}, {"i", 3}, {"d", 3.0}, {"b", true}};
  EXPECT_EQ(get_string(value, "s"), "x");
  EXPECT_EQ(get_string(value, "i", "none"), "none");
  EXPECT_EQ(get_int(value, "i"), 3);
  EXPECT_EQ(get_int(value, "d"), 3);
  EXPECT_TRUE(get_bool(value, "b"));
  EXPECT_EQ(find(json::value(1), "s"), nullptr);
}

}  // namespace
}  // namespace lamplighter
