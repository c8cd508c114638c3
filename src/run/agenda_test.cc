// What people's overrides do to the list of what is to come.
#include "run/agenda.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::run {
namespace {

using std::chrono::hours;
using tasks::Action;
using tasks::Override;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;

const Time kNow = parse_time("2026-11-27T12:00:00Z").value();

fleet::Schedule daily(std::string name, Action action, int hour) {
  fleet::Schedule schedule;
  schedule.name = std::move(name);
  schedule.action = action;
  schedule.expression = "cron(0 " + std::to_string(hour) + " ? * * *)";
  return schedule;
}

class AgendaTest : public testing::Test {
 protected:
  AgendaTest() {
    fleet::Fleet fleet;
    fleet.name = "lower";
    for (const auto* name : {"dev", "test"}) fleet.environments.push_back({name, "us-east-1", "", {}});
    fleet.schedules = {daily("evenings", Action::stop, 20), daily("nights", Action::stop, 22)};
    agenda_ = agenda_of(fleet, kNow, kNow).value();
    for (Planned& one : agenda_.schedules) one.bound_by = "lower";
  }

  /// Until nine in the evening: between the two.
  void decide(Override one) {
    one.id = 1;
    one.until = kNow + hours(9);
    one.by = "ada";
    agenda_.overrides["lower"].push_back(std::move(one));
  }
  [[nodiscard]] std::vector<AgendaEntry> entries() const {
    return entries_of(agenda_, {}, kNow, kNow + hours(12), 10);
  }

  Agenda agenda_;
};

TEST_F(AgendaTest, AnEnvironmentThatIsKeptIsLeftOutAndTheOthersAreNot) {
  decide({.environments = {"dev"}, .wanted = Action::start});
  const auto all = entries();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_THAT(all[0].overruled, ElementsAre(Pair("dev", "kept running until 21:00 (UTC) by ada")));
  EXPECT_EQ(all[0].upcoming.skipped, "");
  EXPECT_THAT(all[1].overruled, IsEmpty());
  EXPECT_THAT(all[1].already, ElementsAre("test"));  // dev was left running at eight
}

TEST_F(AgendaTest, WhatRunsNowhereIsSkipped) {
  decide({.environments = {"dev", "test"}, .wanted = Action::start});
  EXPECT_THAT(entries()[0].upcoming.skipped, StartsWith("kept running until 21:00"));
  EXPECT_EQ(entries()[1].upcoming.skipped, "");
  EXPECT_THAT(entries()[1].already, IsEmpty());
}

TEST_F(AgendaTest, SkipsAndPausesCountUntilTheirEnd) {
  decide({.kind = Override::Kind::pause});
  EXPECT_EQ(entries()[0].upcoming.skipped, "paused until 21:00 (UTC) by ada");
  EXPECT_EQ(entries()[1].upcoming.skipped, "");
}

TEST_F(AgendaTest, AScheduleThatNoFleetBindsIsAPersonsOwn) {
  decide({.kind = Override::Kind::pause});
  for (Planned& one : agenda_.schedules) one.bound_by.clear();
  EXPECT_EQ(entries()[0].upcoming.skipped, "");
}

}  // namespace
}  // namespace lamplighter::run
