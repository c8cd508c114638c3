#include "json/parser.h"

#include <cmath>

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

std::string repeated(std::string_view part, std::size_t count) {
  std::string out;
  while (count-- > 0) out += part;
  return out;
}

TEST(ParseJson, ReadsAWholeValueOnly) {
  EXPECT_EQ(*parse_json(" {\"a\": [1, 2]} \n"), (json::value{{"a", {1, 2}}}));
  EXPECT_EQ(*parse_json("12"), json::value(12));
  for (const char* text : {"", " ", "{", "[1] x", "{\"a\":}", "nul", "1 2", "01", "1.", "+1", "'a'", "[1,]"})
    EXPECT_FALSE(parse_json(text)) << text;
}

TEST(ParseJson, SaysWhereItStopped) {
  EXPECT_EQ(parse_json("[1 2]").error().message.substr(0, 10), "at byte 3:");
  EXPECT_EQ(parse_json("[1] x").error().message, "at byte 4: text after the value");
  EXPECT_EQ(parse_json("[1, 2, 3]", 8, 4).error().message, "found 9 bytes of JSON, expected at most 4");
}

TEST(ParseJson, LimitsDepth) {
  const auto nested = [](std::size_t depth) { return repeated("[", depth) + repeated("]", depth); };
  EXPECT_TRUE(parse_json(nested(128)));
  EXPECT_FALSE(parse_json(nested(129)));
  EXPECT_TRUE(parse_json(nested(1'000), 1'000));
}

TEST(ParseJson, LimitsValues) {
  const ParseOptions options{.max_values = 4};
  EXPECT_TRUE(parse_json(R"({"a": [1, "2"], "b": null})", ParseOptions{.max_values = 5}));
  EXPECT_EQ(parse_json(R"({"a": [1, "2"], "b": null})", options).error().message,
            "at byte 25: more than 4 values");
  for (const char* text : {"[1,2,3,4]", "[true,false,true,false]", "[[],[],[],[]]", "[{},{},{},{}]",
                           "[0.5,0.5,0.5,0.5]", "[null,null,null,null]", R"(["","","",""])"})
    EXPECT_FALSE(parse_json(text, options)) << text;
}

TEST(ParseJson, ReadsTheNearestDouble) {
  EXPECT_EQ(parse_json("90.57")->as_double(), 90.57);
  EXPECT_EQ(parse_json("90.57000000000001")->as_double(), 90.57000000000001);
  EXPECT_EQ(parse_json("2.2250738585072011e-308")->as_double(), 2.2250738585072011e-308);
  EXPECT_EQ(parse_json("4.9e-324")->as_double(), 4.9e-324);
  EXPECT_EQ(parse_json("1e-400")->as_double(), 0);
  EXPECT_EQ(parse_json("9007199254740993.0")->as_double(), 9007199254740992.0) << "a tie: the even one";
}

TEST(ParseJson, KeepsIntegersThatFit64Bits) {
  EXPECT_EQ(parse_json("9007199254740993")->as_int64(), 9007199254740993);
  EXPECT_EQ(parse_json("-9223372036854775808")->as_int64(), INT64_MIN);
  EXPECT_EQ(parse_json("18446744073709551615")->as_uint64(), UINT64_MAX);
  EXPECT_EQ(parse_json("18446744073709551616")->as_double(), 18446744073709551616.0);
}

TEST(ParseJson, RefusesWhatCouldNotBeWrittenUnlessReadAsJavaScriptDoes) {
  EXPECT_FALSE(parse_json("\"\xED\xA0\xBD\""));
  EXPECT_FALSE(parse_json(R"("\ud83d")"));
  EXPECT_EQ(parse_json("[1, -1e400]").error().message, "at byte 10: exponent overflow");
  EXPECT_FALSE(std::signbit(parse_json("-0.0")->as_double()));
  const ParseOptions javascript{.as_javascript = true};
  EXPECT_EQ(parse_json("\"\xED\xA0\xBD\"", javascript)->as_string(), "\xED\xA0\xBD");
  EXPECT_EQ(parse_json("1e400", javascript)->as_double(), HUGE_VAL);
  EXPECT_TRUE(std::signbit(parse_json("-0.0", javascript)->as_double()));
}

std::string compact(std::string_view text) {
  std::string out = "left over";
  const auto value = parse_json(text, {.compact = &out});
  EXPECT_TRUE(value);
  EXPECT_EQ(*parse_json(out), *value) << "the same value";
  return out;
}

TEST(ParseJson, CompactTextKeepsNumbersAsTheyWereWritten) {
  EXPECT_EQ(compact(" 0.0 "), "0.0");
  EXPECT_EQ(compact("[ 1.50, -0, 1E2 ,123456789012345680000,\n0.1e+1]"),
            "[1.50,-0,1E2,123456789012345680000,0.1e+1]");
  EXPECT_EQ(compact(R"( { "a" : [ ] , "b" : { } , "c" : [ { "d" : null } , true , false ] } )"),
            R"({"a":[],"b":{},"c":[{"d":null},true,false]})");
  EXPECT_EQ(compact(R"({"k\"ey": "a,\u00e9\ud83d\ude02\u0001\n/"})"), "{\"k\\\"ey\":\"a,é😂\\u0001\\n/\"}");
  EXPECT_EQ(compact("[\"ends in ,\"]"), "[\"ends in ,\"]");
}

TEST(ParseJson, CompactTextOfLongPartsIsWhole) {
  const std::string text = "[\"" + repeated("x\\n", 5'000) + "\",1" + repeated("0", 300) + ".0]";
  EXPECT_EQ(compact(text), text);
}

}  // namespace
}  // namespace lamplighter
