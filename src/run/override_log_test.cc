#include "run/override_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tasks/admission/overrides.h"
#include "tests/support/memory_table.h"
#include "tests/support/recorded_log.h"

namespace lamplighter::run {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class OverrideLogTest : public testing::Test {
 protected:
  OverrideLogTest() { know(); }

  void know(tasks::Coordination coordination = {}) {
    fleet::Fleet fleet;
    fleet.name = "f";
    fleet.coordination = std::move(coordination);
    overrides_log_.know(fleet);
  }
  [[nodiscard]] tasks::Override keep() const {
    tasks::Override one;
    one.environments = {"dev"};
    one.until = clock_.now() + hours(3);
    one.by = "ada";
    one.why = "release";
    return one;
  }
  tasks::Overrides overrides() { return {*table_, "f"}; }
  /// What is told of since the last look.
  std::vector<std::string> news() {
    log_.said.clear();
    log_.entries.clear();
    overrides_log_.look("f");
    return log_.said;
  }

  ManualClock clock_{parse_time("2026-11-27T19:00:00Z").value()};
  std::shared_ptr<coordination::MemoryTable> table_ = std::make_shared<coordination::MemoryTable>();
  RecordedLog log_;
  OverrideLog overrides_log_{[this](const tasks::Coordination&) { return table_; }, clock_, log_};
};

TEST_F(OverrideLogTest, TellsOfWhatIsMadeChangedAndEndedOnceEach) {
  EXPECT_THAT(news(), IsEmpty());
  auto made = overrides().add(keep(), clock_.now()).value();
  EXPECT_THAT(news(), ElementsAre("f: dev: kept running until 22:00 (UTC) by ada: release"));
  EXPECT_EQ(log_.entries[0].event, LogEvent::override_made);
  EXPECT_EQ(log_.entries[0].fleet, "f");
  EXPECT_EQ(log_.entries[0].environment, "dev");
  EXPECT_THAT(news(), IsEmpty());

  made.until += hours(1);
  ASSERT_TRUE(overrides().replace(made, clock_.now()));
  EXPECT_THAT(news(), ElementsAre("f: dev: kept running until 23:00 (UTC) by ada: release: changed"));
  EXPECT_EQ(log_.entries[0].event, LogEvent::override_changed);

  ASSERT_TRUE(overrides().end(made.id, clock_.now()));
  EXPECT_THAT(news(), ElementsAre("f: dev: kept running until 23:00 (UTC) by ada: release: ended by hand"));
  EXPECT_EQ(log_.entries[0].event, LogEvent::override_ended);
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(OverrideLogTest, TellsOfWhatEndsByItself) {
  ASSERT_TRUE(overrides().add(keep(), clock_.now()));
  EXPECT_THAT(news(), IsEmpty()) << "it was in force when it was first looked at";
  clock_.sleep(hours(3));
  EXPECT_THAT(news(), ElementsAre("f: dev: kept running until 22:00 (UTC) by ada: release: has ended"));
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(OverrideLogTest, WhereRunsAgreeElsewhereNothingHasEnded) {
  EXPECT_THAT(news(), IsEmpty());
  ASSERT_TRUE(overrides().add(keep(), clock_.now()));
  EXPECT_THAT(news(), SizeIs(1));
  know({tasks::Coordination::Kind::table, "elsewhere", ""});
  table_ = std::make_shared<coordination::MemoryTable>();
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(OverrideLogTest, ATableThatCantBeReadIsLookedAtLater) {
  EXPECT_THAT(news(), IsEmpty());
  const auto gone = std::exchange(table_, nullptr);
  EXPECT_THAT(news(), IsEmpty());
  table_ = gone;
  ASSERT_TRUE(overrides().add(keep(), clock_.now()));
  EXPECT_THAT(news(), SizeIs(1));
}

}  // namespace
}  // namespace lamplighter::run
