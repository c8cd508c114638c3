#include "json/number_text.h"

#include <cmath>

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(NumberText, ReadsWholeTextsOnly) {
  EXPECT_EQ(text_to_number("-1.5e3"), -1500);
  EXPECT_EQ(text_to_number("1e400"), HUGE_VAL);
  EXPECT_EQ(text_to_number("1e-400"), 0);
  for (const char* text : {"", "-", "1.", ".5", "1e", "1e+", "1 ", "0x1", "+1"})
    EXPECT_EQ(text_to_number(text), std::nullopt) << text;
}

TEST(NumberText, NamesWhatIsNotFinite) {
  EXPECT_EQ(number_to_text(std::nan("")), "NaN");
  EXPECT_EQ(number_to_text(-HUGE_VAL), "-Infinity");
}

TEST(NumberText, RoundsTo15DigitsAwayFromZero) {
  EXPECT_EQ(to_15_digits(0.1 + 0.2), 0.3);
  EXPECT_EQ(to_15_digits(-1.0000000000000002), -1);
  EXPECT_EQ(to_15_digits(123456789012345.0), 123456789012345.0);
}

TEST(NumberText, WritesInAnyBase) {
  EXPECT_EQ(integer_in_base(255, 16), "ff");
  EXPECT_EQ(integer_in_base(-10, 2), "-1010");
  EXPECT_EQ(integer_in_base(0, 36), "0");
}

}  // namespace
}  // namespace lamplighter
