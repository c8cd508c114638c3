#include "api/request/parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::api {
namespace {

using testing::HasSubstr;

Parameters read(std::string_view body) {
  auto parameters = Parameters::parse(body);
  EXPECT_TRUE(parameters);
  return std::move(*parameters);
}

TEST(Parameters, GivesWhatIsThereAndNothingForWhatIsNot) {
  const auto parameters = read(R"({"name":"a","count":3,"flag":true,"none":null})");
  EXPECT_EQ(*parameters.text("name", {1, 5}), "a");
  EXPECT_EQ(*parameters.optional_text("other", {1, 5}), std::nullopt);
  EXPECT_EQ(*parameters.optional_text("none", {1, 5}), std::nullopt);
  EXPECT_EQ(*parameters.number("count", {0, 10}), 3);
  EXPECT_EQ(*parameters.number("other", {0, 10}), std::nullopt);
  EXPECT_TRUE(*parameters.truth("flag", false));
  EXPECT_TRUE(*parameters.truth("other", true));
  EXPECT_FALSE(parameters.has("none"));
}

TEST(Parameters, AnEmptyBodyIsAnEmptyObject) { EXPECT_FALSE(read("").has("name")); }

TEST(Parameters, NamesTheMemberAndTheConstraintThatFailed) {
  const auto parameters = read(R"({"name":"abcdef","count":11,"kind":"ODD"})");
  const auto message = [](const auto& result) {
    return result ? "" : result.error().code + ": " + result.error().message;
  };
  EXPECT_EQ(message(parameters.text("missing", {1, 5})),
            "ValidationException: 1 validation error detected: Value null at 'missing' failed to satisfy "
            "constraint: Member must not be null");
  EXPECT_THAT(message(parameters.text("name", {1, 5})), HasSubstr("Value 'abcdef' at 'name'"));
  EXPECT_THAT(message(parameters.text("name", {1, 5})), HasSubstr("length less than or equal to 5"));
  EXPECT_THAT(message(parameters.text("name", {7, 9})), HasSubstr("length greater than or equal to 7"));
  EXPECT_THAT(message(parameters.number("count", {0, 10})), HasSubstr("value less than or equal to 10"));
  EXPECT_THAT(message(parameters.number("count", {12, 20})), HasSubstr("value greater than or equal to 12"));
  EXPECT_THAT(message(parameters.choice("kind", {"ONE", "TWO"})), HasSubstr("enum value set: [ONE, TWO]"));
}

TEST(Parameters, AnotherTypeIsASerializationError) {
  const auto parameters = read(R"({"name":1,"count":"1","fraction":1.5,"flag":"true"})");
  EXPECT_EQ(parameters.text("name", {1, 5}).error().code, "SerializationException");
  EXPECT_EQ(parameters.number("count", {0, 9}).error().code, "SerializationException");
  EXPECT_EQ(parameters.number("fraction", {0, 9}).error().code, "SerializationException");
  EXPECT_EQ(parameters.truth("flag", false).error().code, "SerializationException");
}

TEST(Parameters, ABodyOfVeryManyValuesIsRefusedBeforeItFillsMemory) {
  std::string body = R"({"a": [0)";
  for (int i = 0; i < 10'000; ++i) body += ",0";
  EXPECT_EQ(Parameters::parse(body + "]}").error().code, "SerializationException");
}

TEST(Parameters, WhatIsNoObjectIsASerializationError) {
  const std::string deep = "{\"a\":" + std::string(1000, '[') + std::string(1000, ']') + "}";
  for (const std::string& body : {std::string("{"), std::string("[]"), std::string("7"), deep}) {
    const auto parameters = Parameters::parse(body);
    ASSERT_FALSE(parameters) << body;
    EXPECT_EQ(parameters.error().code, "SerializationException");
  }
}

}  // namespace
}  // namespace lamplighter::api
