#include "scheduler/timetable.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace lamplighter::scheduler {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Time at(const std::string& text) { return parse_time(text).value(); }

fleet::Schedule schedule_of(std::string name, std::string expression, tasks::Action action,
                            std::vector<std::string> environments = {}) {
  fleet::Schedule schedule;
  schedule.name = std::move(name);
  schedule.expression = std::move(expression);
  schedule.action = action;
  schedule.environments = std::move(environments);
  return schedule;
}

fleet::Schedule start_of(std::string name, std::string expression,
                         std::vector<std::string> environments = {}) {
  return schedule_of(std::move(name), std::move(expression), tasks::Action::start, std::move(environments));
}

fleet::Schedule stop_of(std::string name, std::string expression,
                        std::vector<std::string> environments = {}) {
  return schedule_of(std::move(name), std::move(expression), tasks::Action::stop, std::move(environments));
}

fleet::Fleet fleet_with(std::vector<fleet::Schedule> schedules) {
  fleet::Fleet fleet;
  fleet.name = "f";
  for (const char* name : {"dev", "test", "prod"}) fleet.environments.push_back({name, "us-east-1", "", {}});
  fleet.schedules = std::move(schedules);
  return fleet;
}

/// "evening 2026-11-27T20:00:00.000Z dev,test", as made up with "*".
std::vector<std::string> words_of(const std::vector<Firing>& firings) {
  std::vector<std::string> words;
  for (const Firing& firing : firings) {
    std::string text = firing.schedule + " " + format_time(firing.due).substr(0, 16);
    for (const std::string& environment : firing.environments) text += " " + environment;
    words.push_back(text + (firing.made_up ? " *" : ""));
  }
  return words;
}

class TimetableTest : public ::testing::Test {
 protected:
  Timetable& open(const fleet::Fleet& fleet, const std::string& now,
                  const std::map<std::string, Progress>& known = {}) {
    table_.emplace(fleet, known, at(now));
    return *table_;
  }

  /// What fires then, all of it started.
  std::vector<std::string> fires(Time now) {
    Turn turn = table_->turn(now);
    for (const Firing& firing : turn.firings) table_->started(firing);
    missed_.insert(missed_.end(), turn.missed.begin(), turn.missed.end());
    return words_of(turn.firings);
  }
  std::vector<std::string> fires(const std::string& now) { return fires(at(now)); }

  /// What fires while time passes, from one moment at which there is something to do to the next.
  std::vector<std::string> pass_until(Time end) {
    std::vector<std::string> all;
    for (auto wake = table_->wake(); wake && *wake <= end; wake = table_->wake()) {
      for (const std::string& text : fires(*wake)) all.push_back(text);
    }
    return all;
  }

  std::optional<Timetable> table_;
  std::vector<Missed> missed_;
};

TEST_F(TimetableTest, FiresAtTheDueSecondAndOnce) {
  open(fleet_with({stop_of("evening", "cron(0 20 * * ? *)")}), "2026-11-27T12:00:00Z");
  EXPECT_EQ(table_->wake(), at("2026-11-27T20:00:00Z"));
  EXPECT_THAT(fires("2026-11-27T19:59:59.999Z"), IsEmpty());
  EXPECT_THAT(fires("2026-11-27T20:00:00Z"), ElementsAre("evening 2026-11-27T20:00"));
  EXPECT_THAT(fires("2026-11-27T20:00:00Z"), IsEmpty());
  EXPECT_EQ(table_->wake(), at("2026-11-28T20:00:00Z"));
}

TEST_F(TimetableTest, CountsFromWhenItWasFirstRead) {
  open(fleet_with({stop_of("evening", "cron(0 20 * * ? *)")}), "2026-11-27T20:05:00Z");
  EXPECT_THAT(fires("2026-11-27T20:05:00Z"), IsEmpty());
  EXPECT_EQ(table_->wake(), at("2026-11-28T20:00:00Z"));
  EXPECT_THAT(missed_, IsEmpty());
}

/// Down over midnight; and each stop comes whoever started what since the last.
TEST_F(TimetableTest, AStopAtMidnightIsNoticedOnTheNextDay) {
  open(fleet_with({stop_of("midnight", "cron(0 0 * * ? *)")}), "2026-12-31T23:50:00Z");
  EXPECT_THAT(fires("2027-01-01T00:20:00Z"), ElementsAre("midnight 2027-01-01T00:00 *"));
  EXPECT_THAT(pass_until(at("2027-01-03T00:00:00Z")),
              ElementsAre("midnight 2027-01-02T00:00", "midnight 2027-01-03T00:00"));
  EXPECT_THAT(missed_, IsEmpty());
}

TEST_F(TimetableTest, AOneShotInThePastDoesNotFire) {
  open(fleet_with({stop_of("once", "at(2026-11-27T20:00:00)")}), "2026-11-27T20:00:01Z");
  EXPECT_THAT(fires("2026-11-27T20:00:01Z"), IsEmpty());
  EXPECT_EQ(table_->wake(), std::nullopt);
}

TEST_F(TimetableTest, ARateCountsFromThenOnWhateverBecomesOfTheProcess) {
  const auto fleet = fleet_with({start_of("often", "rate(90 minutes)")});
  open(fleet, "2026-11-27T10:00:00.700Z");
  EXPECT_THAT(pass_until(at("2026-11-27T13:00:00Z")),
              ElementsAre("often 2026-11-27T11:30", "often 2026-11-27T13:00"));
  open(fleet, "2026-11-27T13:10:00Z", table_->all_progress());
  EXPECT_EQ(table_->wake(), at("2026-11-27T14:30:00Z"));
}

TEST_F(TimetableTest, AYearWithBothChangesOfTheClock) {
  auto morning = start_of("morning", "cron(30 2 * * ? *)");  // 02:30 doesn't exist on 8 March, and comes once
  morning.timezone = "America/New_York";
  auto half_hours = start_of("half hours", "cron(0/30 * * * ? *)", {"prod"});
  half_hours.timezone = "America/New_York";
  open(fleet_with({morning, half_hours}), "2026-01-01T05:00:00Z");
  const auto fired = pass_until(at("2027-01-01T04:59:59Z"));
  std::map<std::string, int> counts;
  for (const std::string& text : fired) ++counts[text];
  for (const auto& [text, count] : counts) EXPECT_EQ(count, 1) << text;
  const auto of = [&](const std::string& name) {
    return std::count_if(fired.begin(), fired.end(),
                         [&](const auto& text) { return text.starts_with(name); });
  };
  EXPECT_EQ(of("morning"), 364) << "the day of the gap, and no other, has none";
  // Of 365 * 48 the gap's two don't exist; the repeated hour counts once, and the first midnight was before.
  EXPECT_EQ(of("half hours"), 365 * 48 - 2 - 1);
  EXPECT_THAT(missed_, IsEmpty());
}

TEST_F(TimetableTest, AClockThatIsSetForwardIsMadeUpForAndTheRestIsMissed) {
  open(fleet_with({start_of("often", "cron(0 * * * ? *)")}), "2026-11-27T09:30:00Z");
  EXPECT_THAT(fires("2026-11-27T14:10:00Z"), ElementsAre("often 2026-11-27T14:00 *"));
  ASSERT_THAT(missed_, SizeIs(1));
  EXPECT_EQ(missed_[0].first, at("2026-11-27T10:00:00Z"));
  EXPECT_EQ(missed_[0].last, at("2026-11-27T13:00:00Z"));
  EXPECT_EQ(missed_[0].count, 4);
}

TEST_F(TimetableTest, AClockThatIsSetBackFiresNothingTwiceAndIsNotSilentAfterwards) {
  open(fleet_with({start_of("often", "cron(0/15 * * * ? *)")}), "2026-11-27T10:50:00Z");
  EXPECT_THAT(pass_until(at("2026-11-27T12:00:00Z")), SizeIs(5));
  EXPECT_THAT(fires("2026-11-27T10:40:00Z"), IsEmpty());
  EXPECT_EQ(table_->wake(), at("2026-11-27T10:45:00Z")) << "that one it has never seen";
  EXPECT_THAT(pass_until(at("2026-11-27T12:15:00Z")),
              ElementsAre("often 2026-11-27T10:45", "often 2026-11-27T12:15"));
}

TEST_F(TimetableTest, AClockThatWasAYearAheadForAMinuteMeansNoSilentYear) {
  const auto fleet = fleet_with(
      {start_of("daily", "cron(0 6 * * ? *)", {"test"}), start_of("rate", "rate(1 hour)", {"dev"})});
  open(fleet, "2027-11-27T05:30:00Z");
  EXPECT_THAT(fires("2027-11-27T06:30:00Z"),
              ElementsAre("daily 2027-11-27T06:00 test *", "rate 2027-11-27T06:30 dev"));
  EXPECT_THAT(fires("2026-11-27T05:40:00Z"), IsEmpty());
  EXPECT_THAT(fires("2026-11-27T06:00:00Z"), ElementsAre("daily 2026-11-27T06:00 test"));
  EXPECT_THAT(fires("2026-11-27T06:30:00Z"), ElementsAre("rate 2026-11-27T06:30 dev"));
  // The same after a restart in between.
  open(fleet, "2026-11-27T05:40:00Z", table_->all_progress());
  EXPECT_THAT(fires("2026-11-27T06:00:00Z"), IsEmpty()) << "that was started";
  EXPECT_THAT(fires("2026-11-27T06:30:00Z"), IsEmpty()) << "and that";
  EXPECT_THAT(fires("2026-11-27T07:30:00Z"), ElementsAre("rate 2026-11-27T07:30 dev")) << "it counts on";
  EXPECT_THAT(fires("2026-11-28T06:00:00Z"), testing::Contains("daily 2026-11-28T06:00 test"));
}

TEST_F(TimetableTest, AMachineThatForgetsTheTimeWhenItIsStartedMissesNothing) {
  const auto fleet =
      fleet_with({stop_of("evening", "cron(0 20 * * ? *)"), start_of("rate", "rate(7 hours)")});
  open(fleet, "2026-11-26T12:00:00Z");
  EXPECT_THAT(pass_until(at("2026-11-27T09:30:00Z")), SizeIs(4));
  open(fleet, "1970-01-01T00:00:10Z", table_->all_progress());
  EXPECT_THAT(fires("1970-01-01T00:00:10Z"), IsEmpty());
  EXPECT_THAT(fires("2026-11-27T10:00:00Z"), IsEmpty()) << "the clock is set by the network";
  EXPECT_THAT(missed_, IsEmpty());
  EXPECT_EQ(table_->wake(), at("2026-11-27T16:00:00Z")) << "the rate counts on as before";
  EXPECT_THAT(pass_until(at("2026-11-27T20:00:00Z")),
              ElementsAre("rate 2026-11-27T16:00", "evening 2026-11-27T20:00"));
}

TEST_F(TimetableTest, ASecondsStepBackDoesNothing) {
  open(fleet_with({start_of("daily", "cron(0 6 * * ? *)")}), "2026-11-27T05:30:00Z");
  EXPECT_THAT(fires("2026-11-27T06:00:00.002Z"), SizeIs(1));
  EXPECT_THAT(fires("2026-11-27T05:59:58Z"), IsEmpty());
  EXPECT_THAT(fires("2026-11-27T06:00:00Z"), IsEmpty());
  EXPECT_EQ(table_->wake(), at("2026-11-28T06:00:00Z"));
}

TEST_F(TimetableTest, ASleepPastTheDueMomentIsCaughtUpWithInTheProcess) {
  open(fleet_with({stop_of("evening", "cron(0 20 * * ? *)")}), "2026-11-27T19:00:00Z");
  EXPECT_THAT(fires("2026-11-27T20:59:59Z"), ElementsAre("evening 2026-11-27T20:00 *"));
}

TEST_F(TimetableTest, WhatIsOlderThanLateIsMissed) {
  auto evening = stop_of("evening", "cron(0 20 * * ? *)");
  evening.late = 30min;
  const auto fleet = fleet_with({evening});
  open(fleet, "2026-11-27T19:00:00Z");
  const auto before = table_->all_progress();
  open(fleet, "2026-11-27T20:30:00Z", before);
  EXPECT_THAT(fires("2026-11-27T20:30:00Z"), ElementsAre("evening 2026-11-27T20:00 *"));
  open(fleet, "2026-11-27T20:30:01Z", before);
  EXPECT_THAT(fires("2026-11-27T20:30:01Z"), IsEmpty());
  ASSERT_THAT(missed_, SizeIs(1));
  EXPECT_EQ(missed_[0].why, Missed::Why::too_late);
  EXPECT_THAT(fires("2026-11-28T20:00:00Z"), ElementsAre("evening 2026-11-28T20:00")) << "always armed again";
}

TEST_F(TimetableTest, LateZeroStillFiresInTime) {
  auto evening = stop_of("evening", "cron(0 20 * * ? *)");
  evening.late = 0s;
  open(fleet_with({evening}), "2026-11-27T19:00:00Z");
  EXPECT_THAT(fires("2026-11-27T20:00:01Z"), SizeIs(1));
  EXPECT_THAT(fires("2026-11-28T20:01:01Z"), IsEmpty());
}

TEST_F(TimetableTest, OfSeveralTheLatestCountsForEachEnvironment) {
  open(fleet_with({stop_of("all stop", "cron(0 20 * * ? *)"),
                   start_of("dev again", "cron(30 20 * * ? *)", {"dev"}),
                   stop_of("test stop", "cron(10 20 * * ? *)", {"test"}),
                   stop_of("dev stop", "cron(15 20 * * ? *)", {"dev"})}),
       "2026-11-27T19:00:00Z");
  EXPECT_THAT(fires("2026-11-27T20:45:00Z"),
              ElementsAre("all stop 2026-11-27T20:00 prod *", "test stop 2026-11-27T20:10 test *",
                          "dev again 2026-11-27T20:30 dev *"));
  ASSERT_THAT(missed_, SizeIs(1));
  EXPECT_EQ(missed_[0].schedule, "dev stop");
  EXPECT_EQ(missed_[0].why, Missed::Why::superseded);
}

TEST_F(TimetableTest, WhatCalendarsLeaveOutTakesThePlaceOfNothing) {
  auto stop = stop_of("stop", "cron(0 20 * * ? *)", {"dev"});
  auto start = start_of("start", "cron(0 6 * * ? *)", {"dev"});
  stop.late = start.late = 24h;
  start.except = {"holidays"};
  auto fleet = fleet_with({stop, start});
  fleet.calendars = {{"holidays", {schedule::parse_days("2026-12-25").value()}, "", nullptr}};
  open(fleet, "2026-12-24T12:00:00Z");
  // A downtime over the evening before the holiday: dev is not to stay up through it.
  EXPECT_THAT(fires("2026-12-25T07:00:00Z"),
              ElementsAre("stop 2026-12-24T20:00 dev *", "start 2026-12-25T06:00 dev *"));
  EXPECT_THAT(missed_, IsEmpty());
  // And over the one before a day like any other.
  fires("2026-12-25T20:00:00Z");
  fires("2026-12-26T06:00:00Z");
  EXPECT_THAT(fires("2026-12-27T07:00:00Z"), ElementsAre("start 2026-12-27T06:00 dev *"));
  EXPECT_THAT(missed_, SizeIs(1));
}

TEST_F(TimetableTest, WhatFiresAtTheSameMomentFiresAll) {
  open(fleet_with({stop_of("stop", "cron(0 20 * * ? *)"), start_of("start", "cron(0 20 * * ? *)", {"dev"})}),
       "2026-11-27T19:00:00Z");
  EXPECT_THAT(fires("2026-11-27T20:00:00Z"),
              ElementsAre("start 2026-11-27T20:00 dev", "stop 2026-11-27T20:00"));
}

TEST_F(TimetableTest, AYearOfMinutesIsBoundedWork) {
  const auto fleet = fleet_with({start_of("rate", "rate(1 minute)"), start_of("cron", "cron(* * * * ? *)")});
  open(fleet, "2026-01-01T00:00:00Z");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(fires("2027-01-01T00:00:30Z"), SizeIs(2));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
  ASSERT_THAT(missed_, SizeIs(2)) << "a range each";
  EXPECT_TRUE(missed_[0].more);
  EXPECT_EQ(missed_[0].count, 10'001);
  EXPECT_EQ(missed_[0].last, at("2026-12-31T23:59:00Z"));
  EXPECT_EQ(missed_[1].count, 365 * 24 * 60 - 1) << "all but the newest";
  EXPECT_FALSE(missed_[1].more);
}

TEST_F(TimetableTest, MoreThanAHundredMissedIsNoEnd) {
  open(fleet_with({start_of("often", "cron(0/5 * * * ? *)")}), "2026-11-01T00:00:00Z");
  EXPECT_THAT(fires("2026-11-27T00:02:00Z"), ElementsAre("often 2026-11-27T00:00 *"));
  ASSERT_THAT(missed_, SizeIs(1));
  EXPECT_EQ(missed_[0].count, 26 * 288 - 1);
  EXPECT_THAT(fires("2026-11-27T00:05:00Z"), ElementsAre("often 2026-11-27T00:05"));
}

TEST_F(TimetableTest, WhatWasNotStartedYetIsNotSettledWhenTheEarlierAre) {
  const auto fleet = fleet_with({start_of("often", "cron(0 * * * ? *)")});
  open(fleet, "2026-11-27T09:30:00Z");
  EXPECT_THAT(table_->turn(at("2026-11-27T14:10:00Z")).missed, SizeIs(1));
  open(fleet, "2026-11-27T14:11:00Z", table_->all_progress());  // killed before it was started
  EXPECT_THAT(fires("2026-11-27T14:11:00Z"), ElementsAre("often 2026-11-27T14:00 *"));
  EXPECT_THAT(missed_, IsEmpty());
}

TEST_F(TimetableTest, AnEditedScheduleWaitsForItsNextOccurrence) {
  open(fleet_with({stop_of("evening", "cron(0 21 * * ? *)")}), "2026-11-27T12:00:00Z");
  const auto edited = fleet_with({stop_of("evening", "cron(0 20 * * ? *)")});
  open(edited, "2026-11-27T20:05:00Z", table_->all_progress());
  EXPECT_THAT(fires("2026-11-27T20:05:00Z"), IsEmpty());
  EXPECT_EQ(table_->wake(), at("2026-11-28T20:00:00Z"));
}

TEST_F(TimetableTest, AStopWrittenAfterItsMomentDoesNotFireForIt) {
  open(fleet_with({start_of("evening", "cron(0 20 * * ? *)")}), "2026-11-27T12:00:00Z");
  const auto edited = fleet_with({stop_of("evening", "cron(0 20 * * ? *)")});
  open(edited, "2026-11-27T20:05:00Z", table_->all_progress());
  EXPECT_THAT(fires("2026-11-27T20:05:00Z"), IsEmpty());
  EXPECT_EQ(table_->wake(), at("2026-11-28T20:00:00Z"));
}

TEST_F(TimetableTest, AnEditOfTheEnvironmentsLosesNothing) {
  open(fleet_with({stop_of("evening", "cron(0 20 * * ? *)")}), "2026-11-27T12:00:00Z");
  const auto edited = fleet_with({stop_of("evening", "cron(0 20 * * ? *)", {"dev"})});
  open(edited, "2026-11-27T20:05:00Z", table_->all_progress());
  EXPECT_THAT(fires("2026-11-27T20:05:00Z"), ElementsAre("evening 2026-11-27T20:00 dev *"));
}

TEST_F(TimetableTest, AFlexibleWindowIsHonouredTheSameWayEachTime) {
  auto evening = stop_of("evening", "cron(0 20 * * ? *)");
  evening.flexible_window = 1h;
  const auto fleet = fleet_with({evening});
  open(fleet, "2026-11-27T12:00:00Z");
  const auto wake = table_->wake();
  ASSERT_TRUE(wake);
  EXPECT_GE(*wake, at("2026-11-27T20:00:00Z"));
  EXPECT_LT(*wake, at("2026-11-27T21:00:00Z"));
  open(fleet, "2026-11-27T20:00:00Z", table_->all_progress());
  EXPECT_EQ(table_->wake(), wake) << "a restart changes nothing";
  std::set<Duration> within;
  for (int day = 0; day < 20; ++day) {
    const Time fired = *table_->wake();
    within.insert(fired - std::chrono::floor<std::chrono::days>(fired));
    EXPECT_THAT(fires(fired), SizeIs(1));
  }
  EXPECT_GT(within.size(), 10U);
}

TEST_F(TimetableTest, AWindowLongerThanTheDistanceKeepsTheOrder) {
  auto often = start_of("often", "rate(1 minute)");
  often.flexible_window = 1h;
  open(fleet_with({often}), "2026-11-27T12:00:00Z");
  EXPECT_THAT(pass_until(at("2026-11-27T13:01:00Z")), SizeIs(60));
  EXPECT_THAT(missed_, IsEmpty());
}

TEST_F(TimetableTest, StartAndEndDateHold) {
  auto morning = start_of("morning", "cron(0 6 * * ? *)");
  morning.start_date = at("2026-12-01T00:00:00Z");
  morning.end_date = at("2026-12-02T06:00:00Z");
  open(fleet_with({morning}), "2026-11-27T12:00:00Z");
  EXPECT_THAT(pass_until(at("2027-11-27T12:00:00Z")),
              ElementsAre("morning 2026-12-01T06:00", "morning 2026-12-02T06:00"));
}

TEST_F(TimetableTest, AFailedStartIsTriedAgainAtAGrowingDistance) {
  auto evening = stop_of("evening", "cron(0 20 * * ? *)");
  evening.retry = {3, 1h};
  open(fleet_with({evening}), "2026-11-27T19:00:00Z");
  Time now = at("2026-11-27T20:00:00Z");
  std::vector<Duration> distances;
  for (int i = 0; i < 3; ++i) {
    const auto firings = table_->turn(now).firings;
    ASSERT_THAT(firings, SizeIs(1));
    EXPECT_EQ(table_->failed(firings[0], now), std::nullopt);
    EXPECT_THAT(table_->turn(now).firings, IsEmpty()) << "not yet";
    distances.push_back(*table_->wake() - now);
    now = *table_->wake();
  }
  EXPECT_THAT(distances, ElementsAre(1s, 2s, 4s));
  const auto missed = table_->failed(table_->turn(now).firings.at(0), now);
  ASSERT_TRUE(missed);
  EXPECT_EQ(missed->why, Missed::Why::failed);
  EXPECT_EQ(table_->wake(), at("2026-11-28T20:00:00Z"));
}

TEST_F(TimetableTest, AFailedStartIsGivenUpWhenItIsTooOld) {
  auto evening = stop_of("evening", "cron(0 20 * * ? *)");
  evening.retry = {185, 5min};
  open(fleet_with({evening}), "2026-11-27T19:00:00Z");
  std::optional<Missed> missed;
  Time last{};
  while (!missed) {
    last = *table_->wake();
    missed = table_->failed(table_->turn(last).firings.at(0), last);
  }
  EXPECT_LE(last, at("2026-11-27T20:05:00Z"));
  EXPECT_GT(last, at("2026-11-27T20:03:00Z"));
}

TEST_F(TimetableTest, ALaterOccurrenceMakesAFailedOnePointless) {
  open(fleet_with(
           {stop_of("evening", "cron(0 20 * * ? *)", {"dev"}), start_of("again", "cron(1 20 * * ? *)")}),
       "2026-11-27T19:00:00Z");
  const Time due = at("2026-11-27T20:00:00Z");
  const auto firings = table_->turn(due).firings;
  ASSERT_THAT(firings, SizeIs(1));
  table_->failed(firings[0], due + 50s);
  EXPECT_THAT(fires(due + 65s), ElementsAre("again 2026-11-27T20:01"));
  ASSERT_THAT(missed_, SizeIs(1));
  EXPECT_EQ(missed_[0].schedule, "evening");
  EXPECT_EQ(missed_[0].why, Missed::Why::superseded);
}

/// Of one random life of a timetable: sleeps, restarts, a clock that is set.
class Life {
 public:
  explicit Life(std::uint64_t seed)
      : random_(seed), now_(at("2026-10-24T20:17:03Z") + Duration(random_.below(100'000'000))) {
    const char* const expressions[] = {"cron(0/15 * * * ? *)", "cron(30 2 * * ? *)", "rate(37 minutes)",
                                       "cron(0 6,20 ? * MON-FRI *)"};
    const std::vector<std::string> environments[] = {{}, {"dev"}, {"dev", "test"}, {"prod"}};
    for (int i = 0; i < 5; ++i) {
      auto schedule =
          start_of("s" + std::to_string(i), expressions[random_.below(4)], environments[random_.below(4)]);
      schedule.timezone = random_.chance(0.5) ? "America/New_York" : "Europe/Berlin";
      schedule.late = minutes_below(120);
      if (random_.chance(0.3)) schedule.flexible_window = minutes_below(40) + 1min;
      schedules_.push_back(schedule);
    }
    fleet_ = fleet_with(schedules_);
    table_.emplace(fleet_, std::map<std::string, Progress>{}, now_);
    for (const auto& [name, progress] : table_->all_progress()) first_[name] = progress.first_seen;
  }

  void step(bool clock_is_set_back) {
    now_ += Duration(random_.below(random_.chance(0.1) ? 30'000'000 : 900'000));
    if (clock_is_set_back && random_.chance(0.1)) now_ -= Duration(random_.below(10'000'000));
    if (random_.chance(0.2)) table_.emplace(fleet_, table_->all_progress(), now_);
    const Turn turn = table_->turn(now_);
    for (const Missed& missed : turn.missed) counts_[missed.schedule] += missed.count;
    for (const Firing& firing : turn.firings) {
      EXPECT_TRUE(started_.emplace(firing.schedule, firing.due).second) << "twice";
      EXPECT_LE(firing.due, now_);
      EXPECT_GT(firing.due, now_ - 4h);
      table_->started(firing);
      ++counts_[firing.schedule];
    }
    EXPECT_TRUE(!table_->wake() || *table_->wake() > now_);
  }

  /// Each occurrence so far has either fired or is counted among the missed.
  void expect_that_all_are_settled() {
    for (const fleet::Schedule& schedule : schedules_) {
      schedule::Rule rule{schedule::parse_expression(schedule.expression).value(),
                          schedule.timezone,
                          {},
                          {},
                          first_[schedule.name]};
      std::int64_t count = 0;
      const Time until = table_->progress(schedule.name).done_until;
      for (auto due = next_occurrence(rule, rule.known_since); due && *due <= until;
           due = next_occurrence(rule, *due))
        ++count;
      EXPECT_EQ(counts_[schedule.name], count) << schedule.expression;
    }
  }

 private:
  std::chrono::minutes minutes_below(std::uint64_t bound) {
    return std::chrono::minutes(random_.below(bound));
  }

  Random random_;
  Time now_;
  std::vector<fleet::Schedule> schedules_;
  fleet::Fleet fleet_;
  std::optional<Timetable> table_;
  std::map<std::string, Time> first_;
  std::map<std::string, std::int64_t> counts_;
  std::set<std::pair<std::string, Time>> started_;
};

TEST(TimetableLives, EachOccurrenceFiresOrIsMissedAndNoneIsForgotten) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    Life life(seed);
    for (int i = 0; i < 200; ++i) life.step(false);
    life.expect_that_all_are_settled();
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(TimetableLives, NothingFiresTwiceThoughTheClockIsSetBack) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    Life life(seed);
    for (int i = 0; i < 200; ++i) life.step(true);
    if (::testing::Test::HasFailure()) return;
  }
}

TEST_F(TimetableTest, TwoFleetsDrawTheirOwnMoments) {
  auto evening = stop_of("evening", "cron(0 20 * * ? *)");
  evening.flexible_window = 24h;
  fleet::Fleet one = fleet_with({evening});
  fleet::Fleet other = one;
  other.name = "g";
  const Timetable first(one, {}, at("2026-11-27T12:00:00Z"));
  const Timetable second(other, {}, at("2026-11-27T12:00:00Z"));
  EXPECT_NE(first.wake(), second.wake());
}

}  // namespace
}  // namespace lamplighter::scheduler
