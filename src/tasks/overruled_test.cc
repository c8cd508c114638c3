#include "tasks/overruled.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tasks/admission/overrides.h"
#include "tests/support/fake_cloud.h"
#include "tests/support/memory_table.h"

namespace lamplighter::tasks {
namespace {

using coordination::MemoryTable;
using std::chrono::hours;
using testing::HasSubstr;
using testing::StartsWith;

/// dev has one server; what it is asked comes with the input that an execution had.
class OverruledTest : public testing::Test {
 protected:
  OverruledTest() {
    cloud_.add("web", "running");
    keep_.environments = {"dev"};
    keep_.until = clock_.now() + hours(3);
    keep_.timezone = "Europe/Berlin";
    keep_.by = "ada";
    keep_.why = "release";
  }

  [[nodiscard]] Context context() { return {.caller = cloud_, .clock = clock_, .table = &table_}; }

  json::object stop(const std::string& execution = "stop-1") {
    json::object payload = admit_payload("stop", {{"web"}, {}, {}});
    payload["execution"] = execution;
    return payload;
  }
  json::object due_stop(Time due) {
    json::object payload = stop();
    add_to(payload, {"evenings", due});
    return payload;
  }
  Result<AdmitAnswer> ask(const json::object& payload) {
    const auto answer = run_task(context(), payload);
    return answer ? read_admit_answer(*answer) : tl::unexpected(answer.error());
  }
  Overrides overrides() { return {table_, "fleet"}; }

  FakeCloud cloud_;
  ManualClock clock_{parse_time("2026-11-27T19:00:00Z").value()};
  MemoryTable table_;
  Override keep_;
};

TEST_F(OverruledTest, AnOccurrenceAgainstAKeepIsSkippedAndClaimsNothing) {
  ASSERT_TRUE(overrides().add(keep_, clock_.now()));
  const auto answer = ask(due_stop(clock_.now())).value();
  EXPECT_EQ(answer.status, Admission::skipped);
  EXPECT_EQ(answer.reason, "kept running until 23:00 (Europe/Berlin) by ada: release");
  EXPECT_TRUE(answer.members.empty());
  EXPECT_EQ(table_.list("lease/").value().size(), 0U);
}

TEST_F(OverruledTest, APersonIsRefusedAndTriesAgainWithOverride) {
  ASSERT_TRUE(overrides().add(keep_, clock_.now()));
  const auto refused = ask(stop()).value();
  EXPECT_EQ(refused.status, Admission::halted);
  EXPECT_EQ(refused.reason,
            "kept running until 23:00 (Europe/Berlin) by ada: release (lamplighter stop dev --override, with "
            "the fleet's file, does it all the same)");
  EXPECT_TRUE(says_how_to_overrule(refused.reason));
  json::object again = stop();
  again["override"] = true;
  EXPECT_EQ(ask(again).value().status, Admission::run);
}

TEST_F(OverruledTest, ItRunsOnceTheKeepIsOver) {
  ASSERT_TRUE(overrides().add(keep_, clock_.now()));
  clock_.sleep(hours(3));
  EXPECT_EQ(ask(due_stop(clock_.now())).value().status, Admission::run);
}

TEST_F(OverruledTest, WhatHasTheLeaseAlreadyGoesOnAlsoWhereItsAnswerWasLost) {
  ASSERT_EQ(ask(due_stop(clock_.now())).value().status, Admission::run);
  ASSERT_TRUE(overrides().add(keep_, clock_.now()));
  EXPECT_EQ(ask(due_stop(clock_.now())).value().status, Admission::run);
  json::object another = due_stop(clock_.now());
  another["execution"] = "stop-2";
  EXPECT_EQ(ask(another).value().status, Admission::skipped);
}

TEST_F(OverruledTest, NothingIsBegunWhereNobodyCanSayWhatPeopleDecided) {
  table_.trouble = [] { return MemoryTable::Trouble::refused; };
  EXPECT_EQ(ask(stop()).error().code, "ProvisionedThroughputExceededException");
  table_.trouble = [] { return MemoryTable::Trouble::none; };
  table_.items["overrides/fleet/all"] = {1, "{"};
  EXPECT_EQ(ask(stop()).error().code, "InvalidOverrides");
}

TEST_F(OverruledTest, WhereRunsAgreeOnNothingNobodyDecidesAnything) {
  ASSERT_TRUE(overrides().add(keep_, clock_.now()));
  json::object alone = stop();
  alone["coordination"] = "none";
  EXPECT_EQ(ask(alone).value().status, Admission::run);
}

}  // namespace
}  // namespace lamplighter::tasks
