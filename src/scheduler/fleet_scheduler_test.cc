#include "scheduler/fleet_scheduler.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "scheduler/occurrence_name.h"
#include "scheduler/scheduler.h"
#include "tests/support/recorded_log.h"

namespace lamplighter::scheduler {
namespace {

using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

Time at(const std::string& text) { return parse_time(text).value(); }

std::string yaml_of(const std::string& name, const std::string& schedules) {
  return fmt::format(
      "fleet: {}\nregion: us-east-1\nenvironments:\n  dev: {{phases: [{{name: app, servers: [a]}}]}}\n"
      "  test: {{phases: [{{name: app, servers: [b]}}]}}\nschedules:\n{}",
      name, schedules);
}

constexpr const char* kEvening = "  - {name: evening, action: stop, cron: \"0 20 * * ? *\"}\n";
constexpr const char* kNight = "  - {name: night, action: stop, cron: \"0 23 * * ? *\"}\n";

class FleetSchedulerTest : public ::testing::Test {
 protected:
  FleetSchedulerTest()
      : directory_(std::filesystem::path(::testing::TempDir()) /
                   fmt::format("fleets-{}-{}", ::getpid(),
                               ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    store_ = Store::open(directory_ / "schedules.sqlite").value();
    write(yaml_of("f", kEvening));
  }
  ~FleetSchedulerTest() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string path(const std::string& name = "fleet.yaml") const { return directory_ / name; }
  void write(const std::string& text, const std::string& name = "fleet.yaml") const {
    std::ofstream(path(name)) << text;
  }

  Surroundings surroundings() {
    return {clock_,
            *store_,
            [this](const fleet::Fleet& fleet, const Firing& firing) -> Result<std::string> {
              if (refusal_) return tl::unexpected(*refusal_);
              fleet_ = fleet;
              const std::string name = occurrence_name(fleet.name, firing.schedule, firing.due);
              if (started_names_.insert(name).second) started_.push_back(firing.schedule);
              return name;
            },
            log_,
            nullptr,
            [this](const fleet::Fleet& fleet, const std::vector<Missed>& missed) -> Status {
              for (const Missed& one : missed) told_missed_.push_back(fleet.name + " " + one.schedule);
              if (untold_) return tl::unexpected(*untold_);
              return {};
            }};
  }

  Status open() {
    scheduler_.reset();
    auto opened = FleetScheduler::open(path(), surroundings());
    if (!opened) return tl::unexpected(opened.error());
    scheduler_ = *std::move(opened);
    return scheduler_->begin();
  }

  void turn(const std::string& now) {
    clock_.set(at(now));
    scheduler_->turn();
  }
  void look_twice() {
    scheduler_->look();
    scheduler_->look();
    scheduler_->turn();
  }

  ManualClock clock_{at("2026-11-27T12:00:00Z")};
  std::filesystem::path directory_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<FleetScheduler> scheduler_;
  std::optional<Error> refusal_;
  std::vector<std::string> told_missed_;
  std::optional<Error> untold_;
  std::set<std::string> started_names_;
  std::vector<std::string> started_;
  fleet::Fleet fleet_;  ///< of what was started last
  RecordedLog log_;
  const std::vector<std::string>& said_ = log_.said;
  std::vector<std::string>& troubles_ = log_.troubles;
};

TEST_F(FleetSchedulerTest, StartsWhatIsDueAndSaysSo) {
  ASSERT_TRUE(open());
  EXPECT_EQ(scheduler_->turn(), at("2026-11-27T20:00:00Z"));
  turn("2026-11-27T20:00:00Z");
  EXPECT_THAT(started_, ElementsAre("evening"));
  ASSERT_THAT(said_, SizeIs(1));
  EXPECT_THAT(said_[0], HasSubstr("f: stop \"evening\", due 2026-11-27 20:00:00 UTC: started as evening-"));
}

TEST_F(FleetSchedulerTest, ARestartGoesOnWhereTheLastProcessWas) {
  ASSERT_TRUE(open());
  turn("2026-11-27T20:00:00Z");
  ASSERT_TRUE(open());
  turn("2026-11-27T20:00:01Z");
  EXPECT_THAT(started_, SizeIs(1));
  clock_.set(at("2026-11-29T20:30:00Z"));
  ASSERT_TRUE(open());
  scheduler_->turn();
  EXPECT_THAT(started_, SizeIs(2));
  EXPECT_THAT(said_.back(), HasSubstr("due 2026-11-29 20:00:00 UTC: started, made up for,"));
  EXPECT_THAT(troubles_,
              ElementsAre(HasSubstr("an occurrence missed, due 2026-11-28 20:00:00 UTC: older than")));
  EXPECT_THAT(store_->missed(10).value(), SizeIs(1));
}

std::string warning_yaml(const std::string& warn) {
  return yaml_of("f", fmt::format("  - {{name: evening, action: stop, cron: \"0 20 * * ? *\", warn: {}}}\n"
                                  "notify: {{sns: reports}}\n",
                                  warn));
}

TEST_F(FleetSchedulerTest, WarnsBeforeAStopOnceAndStopsAllTheSame) {
  write(warning_yaml("15m"));
  ASSERT_TRUE(open());
  EXPECT_EQ(scheduler_->turn(), at("2026-11-27T19:45:00Z"));
  turn("2026-11-27T19:45:00Z");
  EXPECT_THAT(started_, ElementsAre("evening"));
  ASSERT_THAT(fleet_.schedules, SizeIs(1));
  EXPECT_EQ(fleet_.schedules[0].ahead, 15min);
  EXPECT_THAT(said_.back(),
              HasSubstr("f: warning of stop \"evening\", due 2026-11-27 19:45:00 UTC: started"));
  ASSERT_TRUE(open());
  turn("2026-11-27T19:46:00Z");
  EXPECT_THAT(started_, SizeIs(1));
  turn("2026-11-27T20:00:00Z");
  EXPECT_THAT(started_, SizeIs(2));
  EXPECT_EQ(fleet_.schedules[0].ahead, 0min);
  EXPECT_EQ(scheduler_->standing().next->due, at("2026-11-28T20:00:00Z"));
}

TEST_F(FleetSchedulerTest, AWarningIsMadeUpForUntilTheStop) {
  write(warning_yaml("15m"));
  ASSERT_TRUE(open());
  clock_.set(at("2026-11-27T19:55:00Z"));
  ASSERT_TRUE(open());
  scheduler_->turn();
  EXPECT_THAT(said_.back(),
              HasSubstr("warning of stop \"evening\", due 2026-11-27 19:45:00 UTC: started, made up"));
  clock_.set(at("2026-11-28T20:00:01Z"));
  ASSERT_TRUE(open());
  scheduler_->turn();
  EXPECT_EQ(fleet_.schedules[0].ahead, 0min);
  EXPECT_THAT(troubles_,
              ::testing::Contains(HasSubstr("f: warning of stop \"evening\": an occurrence missed")));
}

TEST_F(FleetSchedulerTest, ARestartRemembersTheZone) {
  write(yaml_of("f",
                "  - {name: evening, action: stop, cron: \"0 20 * * ? *\", timezone: America/New_York}\n"));
  ASSERT_TRUE(open());
  EXPECT_EQ(scheduler_->turn(), at("2026-11-28T01:00:00Z"));
  clock_.set(at("2026-11-28T01:30:00Z"));
  ASSERT_TRUE(open());
  scheduler_->turn();
  EXPECT_THAT(said_,
              ElementsAre(HasSubstr("due 2026-11-27 20:00:00 America/New_York: started, made up for,")));
  EXPECT_EQ(scheduler_->turn(), at("2026-11-29T01:00:00Z"));
}

/// What is due again while the last one still runs is an execution of its own.
TEST_F(FleetSchedulerTest, AReloadStartsNothingAgain) {
  ASSERT_TRUE(open());
  turn("2026-11-27T20:00:00Z");
  write(yaml_of("f", std::string(kEvening) + kNight));
  look_twice();
  EXPECT_THAT(started_, ElementsAre("evening"));
  turn("2026-11-27T23:00:00Z");
  turn("2026-11-28T20:00:00Z");
  EXPECT_THAT(started_, ElementsAre("evening", "night", "evening"));
}

/// Whatever of the store's commits is lost: the name is the same, so nothing happens twice.
TEST_F(FleetSchedulerTest, AKillBetweenTheTwoCommitsStartsTheSameNameAgain) {
  ASSERT_TRUE(open());
  const auto before = store_->progress("f").value();
  turn("2026-11-27T20:00:00Z");
  ASSERT_TRUE(store_->replace("f", before));  // as if the second commit had not come
  ASSERT_TRUE(open());
  turn("2026-11-27T20:00:10Z");
  EXPECT_THAT(said_, SizeIs(2));
  EXPECT_THAT(started_, SizeIs(1)) << "and the engine started it once";
}

TEST_F(FleetSchedulerTest, AChangeIsTakenOver) {
  ASSERT_TRUE(open());
  turn("2026-11-27T19:00:00Z");
  write(yaml_of("f", std::string(kEvening) + kNight));
  scheduler_->look();
  EXPECT_EQ(scheduler_->standing().schedules, 1U) << "it may be half written";
  scheduler_->look();
  EXPECT_EQ(scheduler_->standing().schedules, 2U);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("was changed and is in force: 2 schedules")));
  turn("2026-11-27T23:00:00Z");
  EXPECT_THAT(started_, ElementsAre("night"));
  EXPECT_THAT(store_->missed(10).value(), SizeIs(1)) << "20:00, at which nobody looked";
}

TEST_F(FleetSchedulerTest, AScheduleThatIsAddedAfterItsTimeFiresNothing) {
  ASSERT_TRUE(open());
  turn("2026-11-27T23:05:00Z");
  troubles_.clear();
  write(yaml_of("f", std::string(kEvening) + kNight));
  look_twice();
  EXPECT_THAT(started_, IsEmpty());
  EXPECT_THAT(troubles_, IsEmpty());
  EXPECT_EQ(scheduler_->turn(), at("2026-11-28T20:00:00Z"));
}

TEST_F(FleetSchedulerTest, ABrokenFileChangesNothingUntilItIsMended) {
  ASSERT_TRUE(open());
  write("fleet: f\nenvironments: {dev");
  look_twice();
  look_twice();
  EXPECT_THAT(troubles_, ElementsAre(HasSubstr("is refused, the fleet as it was stays in force")));
  EXPECT_THAT(scheduler_->standing().refused, HasSubstr("fleet.yaml:"));
  turn("2026-11-27T20:00:00Z");
  EXPECT_THAT(started_, ElementsAre("evening"));
  write(yaml_of("f", kEvening));
  look_twice();
  EXPECT_EQ(scheduler_->standing().refused, "");
  EXPECT_THAT(said_.back(), HasSubstr("in force"));
}

std::string ical_of(const std::string& day) {
  return "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:" + day + "\nEND:VEVENT\nEND:VCALENDAR\n";
}

TEST_F(FleetSchedulerTest, AChangeOfACalendarsFileIsTakenOver) {
  write(ical_of("20261225"), "ours.ics");
  write(yaml_of("f", kEvening) + "calendars: {holidays: {ical: ours.ics}}\n");
  ASSERT_TRUE(open());
  look_twice();
  EXPECT_THAT(said_, IsEmpty());
  const auto days = [&] {
    const auto& calendar = *fleet_.calendars.at(0).ical;
    return schedule::format_day(
        std::chrono::floor<std::chrono::days>(calendar.events.at(0).start->time.shown));
  };
  turn("2026-11-27T20:00:00Z");
  EXPECT_EQ(days(), "2026-12-25");
  log_.said.clear();

  write("BEGIN:VCALENDAR\nhalf", "ours.ics");
  look_twice();
  ASSERT_THAT(troubles_, SizeIs(1));
  EXPECT_THAT(troubles_[0], StartsWith(path("ours.ics") + " was changed and is refused, the fleet as it was "
                                                          "stays in force"));
  EXPECT_THAT(troubles_[0], HasSubstr("ours.ics: found no END:VCALENDAR"));
  EXPECT_THAT(scheduler_->standing().refused, HasSubstr("ours.ics"));
  look_twice();
  EXPECT_THAT(troubles_, SizeIs(1));

  write(ical_of("20270101"), "ours.ics");
  look_twice();
  EXPECT_THAT(said_, ElementsAre(path("ours.ics") + " was changed and is in force: 1 schedule"));
  EXPECT_EQ(scheduler_->standing().refused, "");
  turn("2026-11-28T20:00:00Z");
  EXPECT_EQ(days(), "2027-01-01");
  log_.said.clear();
  look_twice();
  EXPECT_THAT(said_, IsEmpty());

  write(ical_of("20270102"), "ours.ics");
  write(yaml_of("f", kNight) + "calendars: {holidays: {ical: ours.ics}}\n");
  look_twice();
  EXPECT_THAT(said_,
              ElementsAre(path() + ", " + path("ours.ics") + " were changed and are in force: 1 schedule"));
}

TEST_F(FleetSchedulerTest, ARestartWithABrokenCalendarGoesOnWithTheLastGoodCopy) {
  write(ical_of("20261225"), "ours.ics");
  write(yaml_of("f", kEvening) + "calendars: {holidays: {ical: ours.ics}}\n");
  ASSERT_TRUE(open());
  std::filesystem::remove(path("ours.ics"));
  ASSERT_TRUE(open());
  ASSERT_THAT(troubles_, SizeIs(1));
  EXPECT_THAT(troubles_[0], StartsWith(path("ours.ics") + " is not in force, its last good copy is: "));
  EXPECT_THAT(troubles_[0], HasSubstr("ours.ics: there is no such file"));
  turn("2026-11-27T20:00:00Z");
  ASSERT_THAT(started_, ElementsAre("evening"));
  EXPECT_EQ(fleet_.calendars.at(0).ical->events.size(), 1U);

  write(ical_of("20270101"), "ours.ics");
  look_twice();
  EXPECT_EQ(scheduler_->standing().refused, "");
}

TEST_F(FleetSchedulerTest, AFileThatIsGoneChangesNothing) {
  ASSERT_TRUE(open());
  std::filesystem::remove(path());
  look_twice();
  EXPECT_THAT(troubles_, SizeIs(1));
  turn("2026-11-27T20:00:00Z");
  EXPECT_THAT(started_, ElementsAre("evening"));
}

TEST_F(FleetSchedulerTest, ARestartWithABrokenFileGoesOnWithTheLastGoodCopy) {
  ASSERT_TRUE(open());
  write("fleet: [");
  ASSERT_TRUE(open());
  EXPECT_THAT(troubles_, ElementsAre(HasSubstr("its last good copy is")));
  EXPECT_THAT(scheduler_->standing().refused, HasSubstr("fleet.yaml"));
  turn("2026-11-27T20:00:00Z");
  EXPECT_THAT(started_, ElementsAre("evening"));
}

TEST_F(FleetSchedulerTest, ABrokenFileWithoutACopyIsAnError) {
  write("fleet: [");
  const Status opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::bad_input);
}

TEST_F(FleetSchedulerTest, AFleetThatIsRenamedIsRefused) {
  ASSERT_TRUE(open());
  write(yaml_of("g", kEvening));
  look_twice();
  EXPECT_THAT(troubles_, ElementsAre(HasSubstr("found fleet: g, expected f")));
}

TEST_F(FleetSchedulerTest, TwoFilesOfOneFleetAreRefusedAndNothingIsForgotten) {
  ASSERT_TRUE(open());
  write(yaml_of("f", kNight), "other.yaml");
  const auto opened = Scheduler::open({path(), path("other.yaml")}, surroundings());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "SameFleet");
  EXPECT_EQ(store_->progress("f").value().count("evening"), 1U);
}

TEST_F(FleetSchedulerTest, AFailureIsToldOnceTriedAgainAndThenMissed) {
  write(yaml_of(
      "f", "  - {name: evening, action: stop, cron: \"0 20 * * ? *\", retry: {attempts: 2, age: 5m}}\n"));
  ASSERT_TRUE(open());
  refusal_ = Error{ErrorKind::internal, "Database", "the disk is full"};
  turn("2026-11-27T20:00:00Z");
  turn("2026-11-27T20:00:01Z");
  EXPECT_THAT(troubles_, ElementsAre(HasSubstr("could not be started and is tried again: the disk is full")));
  turn("2026-11-27T20:00:03Z");
  EXPECT_THAT(troubles_, SizeIs(2));
  EXPECT_THAT(troubles_[1], HasSubstr("is missed: the disk is full"));
  ASSERT_THAT(store_->missed(10).value(), SizeIs(1));
  EXPECT_EQ(store_->missed(10)->at(0).missed.why, Missed::Why::failed);
}

TEST_F(FleetSchedulerTest, WhatIsNotStartedAtTheEndIsStartedByTheNextProcess) {
  ASSERT_TRUE(open());
  clock_.set(at("2026-11-27T20:00:00Z"));
  scheduler_->turn([] { return true; });
  EXPECT_THAT(started_, IsEmpty());
  ASSERT_TRUE(open());
  turn("2026-11-27T20:00:05Z");
  EXPECT_THAT(started_, ElementsAre("evening"));
}

TEST_F(FleetSchedulerTest, AFailureThatPassesIsMadeGood) {
  ASSERT_TRUE(open());
  refusal_ = Error{ErrorKind::aws, "Timeout", "no answer"};
  turn("2026-11-27T20:00:00Z");
  refusal_.reset();
  turn("2026-11-27T20:00:01Z");
  EXPECT_THAT(started_, ElementsAre("evening"));
  EXPECT_THAT(store_->missed(10).value(), IsEmpty());
}

TEST_F(FleetSchedulerTest, PeopleAreToldOfWhatWasMissedButOfNoWarning) {
  write(yaml_of("f", "  - {name: evening, action: stop, cron: \"0 20 * * ? *\", warn: 15m}\n") +
        "notify: {sns: mailme}\n");
  ASSERT_TRUE(open());
  turn("2026-11-28T12:00:00Z");
  EXPECT_THAT(told_missed_, ElementsAre("f evening"));
  untold_ = Error{ErrorKind::internal, "Database", "the disk is full"};
  turn("2026-11-29T12:00:00Z");
  EXPECT_THAT(troubles_,
              ::testing::Contains(HasSubstr("nobody is told of what was missed: the disk is full")));
  EXPECT_THAT(store_->missed(10).value(), ::testing::Not(IsEmpty())) << "it is recorded all the same";
}

}  // namespace
}  // namespace lamplighter::scheduler
