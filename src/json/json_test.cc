#include "json/json.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(Json, ParsesAWholeValueOnly) {
  EXPECT_EQ(*parse_json(" {\"a\": [1, 2]} \n"), (json::value{{"a", {1, 2}}}));
  EXPECT_EQ(*parse_json("12"), json::value(12));
  for (const char* text : {"", " ", "{", "[1] x", "{\"a\":}", "nul", "1 2"})
    EXPECT_FALSE(parse_json(text)) << text;
}

TEST(Json, LimitsDepthAndSize) {
  EXPECT_FALSE(parse_json(std::string(200, '[') + std::string(200, ']')));
  EXPECT_FALSE(parse_json("[1, 2, 3]", 8, 4));
}

TEST(Json, ReadsMembersByType) {
  const json::value value = {{"s", "x"}, {"i", 3}, {"d", 3.0}, {"b", true}};
  EXPECT_EQ(get_string(value, "s"), "x");
  EXPECT_EQ(get_string(value, "i", "none"), "none");
  EXPECT_EQ(get_int(value, "i"), 3);
  EXPECT_EQ(get_int(value, "d"), 3);
  EXPECT_TRUE(get_bool(value, "b"));
  EXPECT_EQ(find(json::value(1), "s"), nullptr);
}

TEST(Json, PrettyKeepsOrder) {
  EXPECT_EQ(pretty({{"z", 1}, {"a", json::array{}}, {"b", json::array{1, "x"}}}),
            "{\n  \"z\": 1,\n  \"a\": [],\n  \"b\": [\n    1,\n    \"x\"\n  ]\n}\n");
}

}  // namespace
}  // namespace lamplighter
