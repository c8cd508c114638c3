#include "base/plain_text.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(PlainText, LeavesTextAlone) {
  for (const std::string text : {"", "web-1", "Grüße, 世界 👩‍💻 שלום", "a\\u001b[2J"}) {
    EXPECT_EQ(plain_line(text), text);
    EXPECT_EQ(plain_json(text), text);
  }
}

TEST(PlainText, TakesOrdersToATerminalForBlanks) {
  EXPECT_EQ(plain_line("web\x1b[2J\r\n\tforged\x7f"), "web [2J   forged ");
  EXPECT_EQ(plain_line("c1 \xC2\x9B"
                       "2J \xC2\x85 next"),
            "c1  2J   next")
      << "U+009B is another ESC [";
  EXPECT_EQ(plain_line("a\xE2\x80\xA8"
                       "b\xE2\x80\xA9"),
            "a b ")
      << "line and paragraph separators";
  EXPECT_EQ(plain_line(std::string("a\0b", 3)), "a b");
}

TEST(PlainText, ShowsThatSomethingInvisibleWasThere) {
  EXPECT_EQ(plain_line("\u202Etxt.exe\u2066\u2069\u200F\u061C\uFEFF\U000E0041"),
            "\uFFFDtxt.exe\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(plain_line("\xFF\x9B"), "\uFFFD\uFFFD") << "a bare byte is a C1 control to some terminals";
}

TEST(PlainText, OfSeveralLinesKeepsThem) {
  EXPECT_EQ(plain_text("one\ntwo\x1b[31m\r\n"), "one\ntwo [31m \n");
}

TEST(PlainText, JsonMeansWhatItMeant) {
  EXPECT_EQ(plain_json("{\n\"a\u202E\x7f\": \"\U000E0041\"}"), "{\n\"a\\u202e\\u007f\": \"\\udb40\\udc41\"}");
}

}  // namespace
}  // namespace lamplighter
