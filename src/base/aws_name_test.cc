#include "base/aws_name.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(AwsName, IsWhatEveryServiceTakes) {
  EXPECT_EQ(aws_name("weekday mornings"), "weekday-mornings");
  EXPECT_EQ(aws_name("  (a) & b_c! "), "a-b_c");
}

TEST(AwsName, ThatAreTooLongStayApart) {
  const std::string one = aws_name(std::string(70, 'a') + "1");
  const std::string two = aws_name(std::string(70, 'a') + "2");
  EXPECT_EQ(one.size(), 64U);
  EXPECT_EQ(two.size(), 64U);
  EXPECT_NE(one, two);
  EXPECT_EQ(one, aws_name(std::string(70, 'a') + "1")) << "the same on every run";
}

TEST(AwsName, OfNothingButSignsAreStillNames) {
  EXPECT_FALSE(aws_name("早上").empty());
  EXPECT_NE(aws_name("早上"), aws_name("晚上"));
}

TEST(AwsName, ThatBecomeEqualAreToldApart) {
  UniqueNames names;
  EXPECT_EQ(names.take("a-b", "a b"), "a-b");
  EXPECT_EQ(names.take("a-b", "a b"), "a-b") << "the same text has the same name";
  EXPECT_NE(names.take("a-b", "a-b"), "a-b");
}

}  // namespace
}  // namespace lamplighter
