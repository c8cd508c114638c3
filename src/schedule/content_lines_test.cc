#include "schedule/content_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::schedule {
namespace {

std::vector<ContentLine> lines_of(std::string_view text) {
  std::vector<ContentLine> lines;
  ContentLines reader(text);
  while (auto line = reader.next()) lines.push_back(*std::move(line));
  return lines;
}

TEST(ContentLines, AreUnfoldedWhateverEndsThem) {
  for (const std::string_view end : {"\r\n", "\n"}) {
    std::string text = "\xEF\xBB\xBF";
    for (const std::string_view line :
         {"BEGIN:VCALENDAR", "SUMMARY:first", "  and", "\tmore", "", "END:VCALENDAR"})
      text += std::string(line).append(end);
    const auto lines = lines_of(text);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0].name, "BEGIN");
    EXPECT_EQ(lines[0].number, 1);
    EXPECT_EQ(lines[1].value, "first andmore");
    EXPECT_EQ(lines[1].number, 2);
    EXPECT_EQ(lines[2].number, 6);
  }
}

TEST(ContentLines, HaveParametersWithAndWithoutQuotes) {
  const auto lines = lines_of("dtstart;tzid=\"a:b;c\";Value=DATE-TIME:20261225T090000\nX:a;b:c\nnothing");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].name, "DTSTART");
  EXPECT_EQ(lines[0].parameter("TZID"), "a:b;c");
  EXPECT_EQ(lines[0].parameter("VALUE"), "DATE-TIME");
  EXPECT_EQ(lines[0].parameter("RANGE"), "");
  EXPECT_EQ(lines[0].value, "20261225T090000");
  EXPECT_EQ(lines[1].value, "a;b:c");
  EXPECT_EQ(lines[2].name, "NOTHING");
  EXPECT_EQ(lines[2].value, "");
}

}  // namespace
}  // namespace lamplighter::schedule
