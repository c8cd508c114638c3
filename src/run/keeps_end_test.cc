#include "run/keeps_end.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::run {
namespace {

using std::chrono::hours;
using tasks::Action;
using tasks::Override;
using testing::ElementsAre;
using testing::IsEmpty;

/// Friday, 20:00 in Berlin.
const Time kNow = parse_time("2026-11-27T19:00:00Z").value();

fleet::Schedule schedule(std::string name, Action action, std::string cron,
                         std::vector<std::string> names = {}) {
  fleet::Schedule made;
  made.name = std::move(name);
  made.action = action;
  made.environments = std::move(names);
  made.expression = "cron(" + cron + ")";
  made.timezone = "Europe/Berlin";
  return made;
}

fleet::Fleet fleet_with(std::vector<fleet::Schedule> schedules) {
  fleet::Fleet fleet;
  fleet.name = "lower";
  fleet.timezone = "Europe/Berlin";
  for (const auto* name : {"dev", "test"}) fleet.environments.push_back({name, "us-east-1", "", {}});
  fleet.schedules = std::move(schedules);
  return fleet;
}

const fleet::Schedule kMornings = schedule("mornings", Action::start, "0 6 ? * MON-FRI *");
const fleet::Schedule kEvenings = schedule("evenings", Action::stop, "0 20 ? * MON-FRI *");

Override keep(Action wanted, Time until, std::vector<std::string> names = {"dev"}) {
  Override one;
  one.environments = std::move(names);
  one.wanted = wanted;
  one.made = kNow - hours(2);
  one.until = until;
  return one;
}

std::vector<std::string> opposed(const std::vector<fleet::Schedule>& schedules, const Override& one,
                                 const std::vector<Override>& others = {}) {
  return opposed_at_end(one, end_of(fleet_with(schedules), one).value(), others);
}

TEST(KeepsEnd, BringsAboutWhatTheLatestOccurrenceBeforeItWants) {
  EXPECT_THAT(opposed({kMornings, kEvenings}, keep(Action::start, kNow + hours(3))), ElementsAre("dev"));
  EXPECT_THAT(opposed({kMornings, kEvenings}, keep(Action::stop, kNow + hours(3))), IsEmpty());
  // Over the weekend until Monday at 07:00: it was started again at 06:00.
  const Time monday = parse_time("2026-11-30T06:00:00Z").value();
  EXPECT_THAT(opposed({kMornings, kEvenings}, keep(Action::start, monday)), IsEmpty());
  EXPECT_THAT(opposed({kMornings, kEvenings}, keep(Action::stop, monday)), ElementsAre("dev"));
}

TEST(KeepsEnd, LeavesToAnOccurrenceWhatItDoesItselfAtThatMoment) {
  EXPECT_THAT(opposed({kMornings, kEvenings}, keep(Action::start, kNow)), IsEmpty());
}

TEST(KeepsEnd, WantsNothingOfAnEnvironmentWithoutSchedules) {
  EXPECT_THAT(opposed({}, keep(Action::start, kNow + hours(3))), IsEmpty());
  const auto only_test = schedule("evenings", Action::stop, "0 20 ? * MON-FRI *", {"test"});
  EXPECT_THAT(opposed({only_test}, keep(Action::start, kNow + hours(3), {"dev", "test"})),
              ElementsAre("test"));
}

TEST(KeepsEnd, FindsWhatHappensOnceAYear) {
  const auto yearly = schedule("shutdown", Action::stop, "0 20 24 12 ? *");
  EXPECT_THAT(opposed({yearly}, keep(Action::start, kNow)), ElementsAre("dev"));
}

TEST(KeepsEnd, CountsNoOccurrenceThatPeopleLeaveOut) {
  Override skip;
  skip.kind = Override::Kind::skip;
  skip.schedule = "evenings";
  skip.occurrence = kNow;
  skip.made = kNow - hours(1);
  // Without this evening's stop the morning's start stands.
  EXPECT_THAT(opposed({kMornings, kEvenings}, keep(Action::start, kNow + hours(3)), {skip}), IsEmpty());
}

TEST(KeepsEnd, UndoesAStartForAWhileUnlessAnOccurrenceMeanwhileWantsIt) {
  auto lasting = keep(Action::start, kNow + hours(3));
  lasting.undone = true;
  EXPECT_THAT(opposed({}, lasting), ElementsAre("dev"));
  EXPECT_THAT(opposed({kMornings}, lasting), ElementsAre("dev"));  // this morning's is before it
  const auto late = schedule("late", Action::start, "0 21 ? * * *");
  EXPECT_THAT(opposed({late}, lasting), IsEmpty());
  const auto both = schedule("later", Action::stop, "0 22 ? * * *");
  EXPECT_THAT(opposed({late, both}, lasting), ElementsAre("dev"));
}

TEST(KeepsEnd, CarriesNoMoreThanTheLatestOccurrences) {
  const auto often = schedule("often", Action::stop, "0/5 * ? * * *");
  const auto end = end_of(fleet_with({often}), keep(Action::start, kNow + hours(24 * 30))).value();
  ASSERT_EQ(end.wanted.size(), tasks::kMostWanted);
  EXPECT_EQ(end.wanted.front().due, kNow + hours(24 * 30));
  EXPECT_EQ(end.wanted.back().due,
            kNow + hours(24 * 30) - std::chrono::minutes(5) * (tasks::kMostWanted - 1));
}

}  // namespace
}  // namespace lamplighter::run
