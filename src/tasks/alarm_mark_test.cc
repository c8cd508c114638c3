#include "tasks/alarm_mark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::tasks {
namespace {

TEST(AlarmMark, IsReadAsItWasWritten) {
  const AlarmMark mark{"lower", "dev", "db", Time{std::chrono::seconds(1'795'000'000)}, "stop-1"};
  const auto tags = tags_of(mark);
  EXPECT_EQ(tags.at("lamplighter:muted"), "lower/dev/db");
  EXPECT_EQ(tags.at("lamplighter:muted-by"), "2026-11-18T11:06:40.000Z stop-1");
  EXPECT_EQ(read_mark(tags), mark);
}

TEST(AlarmMark, TellsWhichExecutionBeganLater) {
  const Time seven{std::chrono::seconds(1'795'000'000)};
  AlarmMark mark{"lower", "dev", "db", seven + std::chrono::seconds(7), "stop-1", seven};
  const auto tags = tags_of(mark);
  EXPECT_EQ(tags.at("lamplighter:muted-by"), "2026-11-18T11:06:47.000Z stop-1 2026-11-18T11:06:40.000Z");
  EXPECT_EQ(read_mark(tags), mark);
  EXPECT_EQ(beginning_of(mark), seven);
  mark.began.reset();
  EXPECT_EQ(beginning_of(mark), mark.since);
  mark.since.reset();
  EXPECT_EQ(beginning_of(mark), Time{});
}

TEST(AlarmMark, HoldsOnlyWhatATagMay) {
  const auto value = value_of({"lower (ö)", "dev", std::string(300, 'x'), {}, ""});
  EXPECT_EQ(value.size(), 256U);
  EXPECT_THAT(value, testing::StartsWith("lower ____/dev/xxx"));
}

TEST(AlarmMark, OlderOnesHaveNoMoment) {
  const auto mark = read_mark({{"lamplighter:muted", "lower/dev/db"}});
  ASSERT_TRUE(mark);
  EXPECT_EQ(mark->environment, "dev");
  EXPECT_FALSE(mark->since);
  EXPECT_FALSE(read_mark({{"Name", "x"}}));
}

TEST(AlarmMark, OddOnesAreStillMarks) {
  EXPECT_EQ(read_mark({{"lamplighter:muted", ""}})->fleet, "");
  EXPECT_EQ(read_mark({{"lamplighter:muted", "a/b"}})->fleet, "a");
  EXPECT_EQ(read_mark({{"lamplighter:muted", "a/b"}})->environment, "");
  EXPECT_EQ(read_mark({{"lamplighter:muted", "a/b/c/d"}})->phase, "c/d");
  EXPECT_FALSE(read_mark({{"lamplighter:muted", "a/b/c"}, {"lamplighter:muted-by", "yesterday"}})->since);
}

TEST(ExecutionName, OfAnArnIsItsEnd) {
  EXPECT_EQ(marked_name("arn:aws:states:us-east-1:1:execution:m:stop-1"), "stop-1");
  EXPECT_EQ(marked_name("stop-1"), "stop-1");
  EXPECT_EQ(marked_name("arn:aws:states:us-east-1:1:execution:m:st\u00f6p"), "st__p") << "as marks have it";
}

}  // namespace
}  // namespace lamplighter::tasks
