#include "base/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

using namespace std::string_literals;

const std::string kMark = "\xEF\xBF\xBD";

TEST(Utf8, SaysHowMuchIsValid) {
  EXPECT_EQ(valid_utf8_prefix(""), 0U);
  EXPECT_EQ(valid_utf8_prefix("a\u00e9\u20ac\U0001F600"), 10U);
  EXPECT_EQ(valid_utf8_prefix("ab\xC3"), 2U);            // cut
  EXPECT_EQ(valid_utf8_prefix("\xC0\x80"), 0U);          // overlong
  EXPECT_EQ(valid_utf8_prefix("\xED\xA0\x80"), 0U);      // a surrogate
  EXPECT_EQ(valid_utf8_prefix("\xF4\x90\x80\x80"), 0U);  // past U+10FFFF
}

TEST(Utf8, ValidTextStays) {
  for (const auto& text : {""s, "plain"s, "a\u00e9\u20ac\U0001F600"s, "a\0b"s, kMark}) {
    EXPECT_EQ(mend_utf8(text), text);
  }
}

TEST(Utf8, OneMarkForEachCutCharacterOrStrayByte) {
  EXPECT_EQ(mend_utf8("ab\xE2\x82"), "ab" + kMark);
  EXPECT_EQ(mend_utf8("\xE2\x82z"), kMark + "z");
  EXPECT_EQ(mend_utf8("\xF0\x9F\x98\xE2\x82\xAC"), kMark + "\u20ac");
  EXPECT_EQ(mend_utf8("\xFF\xFE"), kMark + kMark);
  EXPECT_EQ(mend_utf8("\x80x\xC0\xAF"), kMark + "x" + kMark + kMark);
  EXPECT_EQ(mend_utf8("\xED\xA0\x80"), kMark + kMark + kMark);
}

TEST(Utf8, WhatIsMendedIsValid) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string text{'a', static_cast<char>(first), static_cast<char>(second), 'z'};
      const std::string mended = mend_utf8(text);
      ASSERT_EQ(valid_utf8_prefix(mended), mended.size()) << first << " " << second;
      EXPECT_EQ(mended == text, valid_utf8_prefix(text) == text.size());
    }
  }
}

TEST(Utf8, FindsControlCharacters) {
  EXPECT_TRUE(has_control_characters("a\tb"));
  EXPECT_TRUE(has_control_characters("\x7F"));
  EXPECT_FALSE(has_control_characters("a b\u00e9"));
}

}  // namespace
}  // namespace lamplighter
