#include "http/uri.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(Uri, WhatWasEncodedIsReadBack) {
  const std::string text = "arn:aws:x/y ä+%&=?";
  EXPECT_EQ(percent_decode(percent_encode(text)), text);
  EXPECT_THAT(*form_decode(form_encode({{text, text}}), 1), ElementsAre(Pair(text, text)));
}

TEST(Uri, AnEscapeThatIsNoneStays) {
  EXPECT_EQ(percent_decode("%zz%4%"), "%zz%4%");
  EXPECT_EQ(percent_decode("%41%4"), "A%4");
}

TEST(Uri, AFormIsReadAsBrowsersWriteIt) {
  EXPECT_THAT(*form_decode("a=1+2&b&=x&&c=%2B", 3),
              ElementsAre(Pair("a", "1 2"), Pair("b", ""), Pair("c", "+")));
  EXPECT_FALSE(form_decode("a&b&c", 2)) << "more than were asked for";
}

TEST(Uri, ATargetIsItsSegmentsAndItsQuery) {
  const auto target = parse_target("/tags/arn%3Aaws%2Fg?TagKeys=a&TagKeys=b");
  EXPECT_THAT(target->path, ElementsAre("tags", "arn:aws/g"));
  EXPECT_THAT(target->query, ElementsAre(Pair("TagKeys", "a"), Pair("TagKeys", "b")));
  EXPECT_TRUE(parse_target("/")->path.empty());
}

}  // namespace
}  // namespace lamplighter::http
