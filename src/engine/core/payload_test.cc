#include "engine/core/payload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Payload, KeepsTheTextThatWasRead) {
  const auto payload = read_payload(" [1.0, 2] ");
  ASSERT_TRUE(payload);
  EXPECT_EQ((*payload)->text, " [1.0, 2] ");
  EXPECT_EQ((*payload)->value, json::value({1.0, 2}));
  EXPECT_EQ((*read_compact(" [1.0, 2] "))->text, "[1.0,2]");
  EXPECT_FALSE(read_payload("[1"));
  EXPECT_FALSE(read_compact("[1"));
}

TEST(Payload, PartsKeepTheirTextInAWhole) {
  const auto part = *read_compact("0.0");
  EXPECT_EQ(make_payload(std::vector{part, make_payload(1)})->text, "[0.0,1]");
  EXPECT_EQ(make_payload(std::vector<Payload>{})->text, "[]");
  const auto object = make_payload({{"a", 1}, {"b\"", nullptr}, {"c", "x"}}, "b\"", part);
  EXPECT_EQ(object->text, R"({"a":1,"b\"":0.0,"c":"x"})");
  EXPECT_EQ(object->value, *parse_json(object->text));
}

TEST(Payload, AnArraysElementsHaveTheirTexts) {
  const auto texts = [](std::string_view text) {
    const auto payload = *read_payload(text);
    const auto views = element_texts(payload);
    return std::vector<std::string>(views.begin(), views.end());
  };
  EXPECT_THAT(texts(" [ ] "), IsEmpty());
  EXPECT_THAT(texts("[0.0]"), ElementsAre("0.0"));
  EXPECT_THAT(texts(R"( [ 1.0 , [2, 3] ,{"a]":[",\\"]}, "\\\"," ] )"),
              ElementsAre("1.0", "[2, 3]", R"({"a]":[",\\"]})", R"("\\\",")"));
}

TEST(Payload, DepthIsBounded) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  const auto deepest = read_payload(nested(kMaxPayloadDepth));
  ASSERT_TRUE(deepest);
  EXPECT_FALSE(is_too_deep(*deepest));
  EXPECT_TRUE(is_too_deep(make_payload(std::vector{*deepest})));
  EXPECT_FALSE(is_too_deep(make_payload(json::value(nested(2 * kMaxPayloadDepth))))) << "brackets in a text";
  EXPECT_FALSE(read_payload(nested(kMaxPayloadDepth + 1)));
}

}  // namespace
}  // namespace lamplighter::engine
