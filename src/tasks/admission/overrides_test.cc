#include "tasks/admission/overrides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_table.h"

namespace lamplighter::tasks {
namespace {

using coordination::MemoryTable;
using std::chrono::hours;
using testing::HasSubstr;

const Time kNow = parse_time("2026-11-27T19:00:00Z").value();
constexpr const char* kKey = "overrides/lower/all";

Override keep(Duration lasts = hours(3)) {
  Override one;
  one.environments = {"dev"};
  one.until = kNow + lasts;
  one.timezone = "Europe/Berlin";
  one.by = "ada@web1";
  one.why = "a \"release\",\n\x1b[31m \xc3\xa9";
  return one;
}

class OverridesTest : public testing::Test {
 protected:
  MemoryTable table_;
  Overrides overrides_{table_, "lower"};
};

TEST_F(OverridesTest, ComeBackAsTheyWereMadeEachWithANumberOfItsOwn) {
  Override skip = keep();
  skip.kind = Override::Kind::skip;
  skip.environments.clear();
  skip.schedule = "weekday evenings";
  skip.occurrence = kNow + hours(1);
  Override pause = keep();
  pause.kind = Override::Kind::pause;
  pause.environments.clear();
  Override stopped = keep();
  stopped.wanted = Action::stop;
  stopped.undone = true;
  std::vector<Override> made;
  for (const auto& one : {keep(), skip, pause, stopped}) made.push_back(overrides_.add(one, kNow).value());
  EXPECT_EQ(made.back().id, 4U);
  EXPECT_EQ(made.back().made, kNow);
  EXPECT_EQ(overrides_.read().value(), made);
}

TEST_F(OverridesTest, EndWhenSomebodySaysSoAndTheirNumberIsNotGivenAgain) {
  ASSERT_TRUE(overrides_.add(keep(), kNow));
  const auto ended = overrides_.end(1, kNow);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->environments, std::vector<std::string>{"dev"});
  EXPECT_TRUE(overrides_.read().value().empty());
  EXPECT_EQ(overrides_.add(keep(), kNow).value().id, 2U);
  EXPECT_THAT(overrides_.end(1, kNow).error().message, HasSubstr("found 1"));
  EXPECT_EQ(overrides_.end(2, kNow + hours(3)).error().code, "UnknownOverride");
}

TEST_F(OverridesTest, MoveToAnotherEnd) {
  auto one = overrides_.add(keep(), kNow).value();
  one.until += hours(2);
  ASSERT_TRUE(overrides_.replace(one, kNow));
  EXPECT_EQ(overrides_.read().value().front(), one);
  one.id = 7;
  EXPECT_EQ(overrides_.replace(one, kNow).error().code, "UnknownOverride");
}

TEST_F(OverridesTest, AreRefusedInThePastForEverAndWithALongStory) {
  EXPECT_THAT(overrides_.add(keep(hours(0)), kNow).error().message, HasSubstr("which has passed"));
  EXPECT_TRUE(overrides_.add(keep(kLongestOverride), kNow));
  const auto too_long = overrides_.add(keep(kLongestOverride + Duration(1)), kNow);
  EXPECT_THAT(too_long.error().message,
              HasSubstr("at most 31 days from now: 2026-12-28 20:00 (Europe/Berlin)"));
  EXPECT_EQ(too_long.error().kind, ErrorKind::bad_input);
  auto chatty = keep();
  chatty.why.assign(kLongestWhy + 1, 'x');
  EXPECT_THAT(overrides_.add(chatty, kNow).error().message, HasSubstr("201 bytes"));
}

TEST_F(OverridesTest, ThatEndedAreDroppedWhenNoKeepThatWasMadeBeforeCanEndAnyMore) {
  ASSERT_TRUE(overrides_.add(keep(), kNow));
  const Time ended = kNow + hours(3);
  ASSERT_TRUE(overrides_.add(keep(kOverridesKept + hours(4)), ended + kOverridesKept - hours(1)));
  EXPECT_EQ(overrides_.read().value().size(), 2U);
  ASSERT_TRUE(overrides_.add(keep(kOverridesKept + hours(4)), ended + kOverridesKept));
  EXPECT_EQ(overrides_.read().value().size(), 2U);
}

TEST_F(OverridesTest, ThatEndedMakeRoomTheOldestFirst) {
  for (std::size_t i = 0; i < kMostOverrides; ++i) ASSERT_TRUE(overrides_.add(keep(), kNow));
  ASSERT_TRUE(overrides_.add(keep(hours(5)), kNow + hours(4)));
  const auto all = overrides_.read().value();
  EXPECT_EQ(all.size(), kMostOverrides);
  EXPECT_EQ(all.front().id, 2U);
  EXPECT_EQ(all.back().id, kMostOverrides + 1);
}

TEST_F(OverridesTest, AreTwoHundredAtMost) {
  for (std::size_t i = 0; i < kMostOverrides; ++i) ASSERT_TRUE(overrides_.add(keep(), kNow));
  EXPECT_EQ(overrides_.add(keep(), kNow).error().code, "TooManyOverrides");
  EXPECT_TRUE(overrides_.end(1, kNow));
  EXPECT_TRUE(overrides_.add(keep(), kNow));
}

TEST_F(OverridesTest, FitIntoTheirItem) {
  auto wide = keep();
  wide.environments.assign(10'000, std::string(40, 'e'));
  EXPECT_EQ(overrides_.add(wide, kNow).error().code, "TooManyOverrides");
  EXPECT_TRUE(overrides_.read().value().empty());
}

/// A table in which somebody is always faster, so many times.
class Contended final : public coordination::Table {
 public:
  explicit Contended(int times) : times_(times) {}
  Result<coordination::Item> read(const std::string& key) override { return inner.read(key); }
  Result<bool> replace(const std::string& key, std::uint64_t seen, const std::string& text) override {
    if (times_-- > 0) return false;
    return inner.replace(key, seen, text);
  }
  Result<std::map<std::string, coordination::Item>> list(const std::string& prefix) override {
    return inner.list(prefix);
  }
  MemoryTable inner;

 private:
  int times_;
};

TEST_F(OverridesTest, AreWrittenAgainWhereOthersWereFaster) {
  Contended patient(5);
  EXPECT_TRUE(Overrides(patient, "lower").add(keep(), kNow));
  Contended hopeless(1'000);
  EXPECT_EQ(Overrides(hopeless, "lower").add(keep(), kNow).error().code, "OverridesContended");
}

TEST_F(OverridesTest, ATableThatFailsIsNoEmptyTable) {
  table_.trouble = [] { return MemoryTable::Trouble::refused; };
  EXPECT_EQ(overrides_.read().error().code, "ProvisionedThroughputExceededException");
  EXPECT_FALSE(overrides_.add(keep(), kNow));
}

TEST_F(OverridesTest, WhatIsNoneIsNamedAndNothingIsMadeOfIt) {
  const std::string good =
      R"({"id":1,"kind":"pause","until":"2026-11-27T20:00:00Z","timezone":"UTC","by":"a",)"
      R"("why":"","made":"2026-11-27T18:00:00Z")";
  for (const std::string& text :
       {std::string(""), std::string("["), std::string("[]"), std::string("{}"),
        std::string(R"({"last":-1,"all":[]})"), std::string(R"({"last":1,"all":{}})"),
        std::string(R"({"last":1,"all":[5]})"), std::string(R"({"last":1,"all":[{}]})"),
        R"({"last":1,"all":[)" + good + R"(,"kind":"forever"}]})",
        R"({"last":1,"all":[)" + good + R"(,"until":"tomorrow"}]})",
        R"({"last":1,"all":[)" + good + R"(,"timezone":5}]})",
        R"({"last":1,"all":[)" + good + R"(,"kind":"keep","environments":["dev"],"state":"both"}]})",
        R"({"last":1,"all":[)" + good + R"(,"kind":"keep","environments":[5],"state":"running"}]})",
        R"({"last":1,"all":[)" + good + R"(,"kind":"skip"}]})", std::string(R"({"last":1e99,"all":[]})")}) {
    table_.items[kKey] = {1, text};
    const auto read = overrides_.read();
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, "InvalidOverrides") << text;
    EXPECT_FALSE(overrides_.add(keep(), kNow)) << text;
    EXPECT_EQ(table_.items[kKey].text, text);
  }
  table_.items[kKey] = {1, R"({"last":1,"all":[)" + good + "}]}"};
  EXPECT_EQ(overrides_.read().value().size(), 1U);
}

}  // namespace
}  // namespace lamplighter::tasks
