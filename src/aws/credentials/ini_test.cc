#include "aws/credentials/ini.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::aws {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Ini, ReadsSectionsPropertiesAndComments) {
  const auto sections = parse_ini(
      "# a comment\n"
      "[default]\r\n"
      "Region = eu-west-1 # near us\n"
      "key=a#b=c\n"
      "\n"
      "[profile dev]  ; ours\n"
      "  \n"
      "role_arn = arn:aws:iam::1:role/x\n",
      "config");
  ASSERT_TRUE(sections);
  ASSERT_EQ(sections->size(), 2U);
  EXPECT_EQ((*sections)[0].values, (IniValues{{"region", "eu-west-1"}, {"key", "a#b=c"}}));
  EXPECT_EQ((*sections)[1].name, "profile dev");
  EXPECT_EQ((*sections)[1].values.at("role_arn"), "arn:aws:iam::1:role/x");
}

TEST(Ini, ReadsNestedPropertiesAndContinuedValues) {
  const auto sections = parse_ini(
      "[services local]\n"
      "ec2 =\n"
      "  endpoint_url = http://localhost:1\n"
      "sns = \n"
      "\tendpoint_url = http://localhost:2\n"
      "other = one\n"
      "  two\n",
      "config");
  ASSERT_TRUE(sections);
  EXPECT_EQ((*sections)[0].nested.at("ec2").at("endpoint_url"), "http://localhost:1");
  EXPECT_EQ((*sections)[0].nested.at("sns").at("endpoint_url"), "http://localhost:2");
  EXPECT_EQ((*sections)[0].values.at("other"), "one\ntwo");
}

TEST(Ini, ErrorsNameTheLineAndNeverShowIt) {
  for (const std::string text :
       {"aws_secret_access_key = hush", "[a]\n= hush", "[a]\nhush", "[hush\n", "[ ]\n", "[a]\nb =\n  hush"}) {
    const auto sections = parse_ini(text, "credentials");
    ASSERT_FALSE(sections) << text;
    EXPECT_EQ(sections.error().code, "InvalidAwsConfig");
    EXPECT_THAT(sections.error().message, HasSubstr("credentials:"));
    EXPECT_THAT(sections.error().message, Not(HasSubstr("hush")));
  }
}

TEST(Ini, RefusesTooManyLines) { EXPECT_FALSE(parse_ini(std::string(20'000, '\n'), "config")); }

}  // namespace
}  // namespace lamplighter::aws
