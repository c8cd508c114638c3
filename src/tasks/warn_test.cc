#include "tasks/warn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tasks/admission/overrides.h"
#include "tests/support/fake_cloud.h"
#include "tests/support/memory_table.h"

namespace lamplighter::tasks {
namespace {

using coordination::MemoryTable;
using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::Not;

/// dev runs a server, test has stopped its own; in a quarter of an hour both are stopped.
class WarnTest : public testing::Test {
 protected:
  WarnTest() {
    cloud_.add("web", "running");
    cloud_.add("db", "running");
    cloud_.add("old", "stopped");
    task_.fleet = "lower";
    task_.timezone = "Europe/Berlin";
    task_.environments = {{"dev",
                           "us-east-1",
                           "",
                           {{"db", {{"db"}, {}, {}}, minutes(15)}, {"app", {{"web"}, {}, {}}, minutes(15)}}},
                          {"test", "us-east-1", "", {{"app", {{"old"}, {}, {}}, minutes(15)}}}};
    task_.occurrence = {"weekday evenings", clock_.now()};
    task_.ahead = minutes(15);
  }

  [[nodiscard]] Context context() { return {.caller = cloud_, .clock = clock_, .table = &table_}; }
  WarnAnswer ask() {
    const auto answer = run_task(context(), to_json(task_)).value();
    return {get_string(answer, "subject"), get_string(answer, "body")};
  }
  Override keep(std::vector<std::string> environments, Time until) const {
    Override keep;
    keep.environments = std::move(environments);
    keep.until = until;
    keep.by = "ada";
    return keep;
  }
  Status add(const Override& made) {
    const auto added = Overrides(table_, "lower").add(made, clock_.now());
    return added ? Status() : Status(tl::unexpected(added.error()));
  }

  FakeCloud cloud_;
  ManualClock clock_{parse_time("2026-11-27T18:45:00Z").value()};
  MemoryTable table_;
  WarnPayload task_;
};

TEST_F(WarnTest, SaysWhatIsStoppedWhenAndHowToKeepIt) {
  const WarnAnswer mail = ask();
  EXPECT_EQ(mail.subject, "STOP AT 20:00 (Europe/Berlin): dev - lower");
  EXPECT_EQ(mail.body,
            "The schedule \"weekday evenings\" stops 1 environment at 20:00 (Europe/Berlin), in 15m:\n"
            "\n"
            "  dev  2 servers run\n"
            "\n"
            "To keep one of them running:\n"
            "\n"
            "  lamplighter keep dev running until 22:00 -f FLEET_FILE\n"
            "\n"
            "To leave this stop out for all of them:\n"
            "\n"
            "  lamplighter skip -f FLEET_FILE 'weekday evenings' until 20:01\n");
}

TEST_F(WarnTest, ItsCommandsReachTheDeploymentThatWarns) {
  Context context = this->context();
  context.in_lambda = true;
  const auto answer = run_task(context, to_json(task_)).value();
  EXPECT_THAT(get_string(answer, "body"),
              HasSubstr("lamplighter keep dev running until 22:00 --cloud -f FLEET_FILE\n"));
}

TEST_F(WarnTest, ACommandThatEndsTomorrowSaysSo) {
  task_.ahead = hours(5);
  EXPECT_THAT(ask().body, HasSubstr("keep dev running until '2026-11-28 02:45' -f"));
}

TEST_F(WarnTest, NobodyIsWarnedOfWhatDoesNotCome) {
  ASSERT_TRUE(add(keep({"dev"}, clock_.now() + hours(1))));
  EXPECT_EQ(ask(), WarnAnswer{});
}

TEST_F(WarnTest, AKeepThatEndsBeforeTheStopKeepsNothingFromIt) {
  ASSERT_TRUE(add(keep({"dev"}, clock_.now() + minutes(10))));
  EXPECT_EQ(ask().subject, "STOP AT 20:00 (Europe/Berlin): dev - lower");
}

TEST_F(WarnTest, NobodyIsWarnedOnceTheStopIsDue) {
  clock_.sleep(minutes(15));
  EXPECT_EQ(ask(), WarnAnswer{});
}

TEST_F(WarnTest, NobodyIsWarnedOfASkippedOccurrence) {
  Override skip;
  skip.kind = Override::Kind::skip;
  skip.schedule = "weekday evenings";
  skip.occurrence = clock_.now() + minutes(15);
  skip.until = clock_.now() + minutes(16);
  skip.by = "ada";
  ASSERT_TRUE(add(skip));
  EXPECT_EQ(ask(), WarnAnswer{});
}

/// 23:50 UTC is the next day in Berlin: the day counts on which the stop is due.
TEST_F(WarnTest, NobodyIsWarnedOnAHolidayOfTheStopsOwnDay) {
  const std::chrono::local_days day(std::chrono::year(2026) / 11 / 28);
  clock_.set(parse_time("2026-11-27T22:50:00Z").value());
  task_.occurrence.due = clock_.now();
  task_.occurrence.calendar = OccurrenceDays{
      "Europe/Berlin", {{{"holidays", schedule::Calendar({{day, day}})}}, {}, day + std::chrono::days(9)}};
  EXPECT_EQ(ask(), WarnAnswer{});
  task_.ahead = minutes(5);
  EXPECT_THAT(ask().subject, HasSubstr("STOP AT 23:55"));
}

TEST_F(WarnTest, OnlyTheScheduleSEnvironmentsAreLookedAt) {
  task_.chosen = {"test"};
  EXPECT_EQ(ask(), WarnAnswer{});
}

TEST_F(WarnTest, ManyEnvironmentsAreCountedInTheSubject) {
  const DescribedEnvironment dev = task_.environments.front();
  task_.environments.clear();
  for (int i = 0; i < 30; ++i) {
    task_.environments.push_back(dev);
    task_.environments.back().name = "environment-" + std::to_string(i);
  }
  const WarnAnswer mail = ask();
  EXPECT_EQ(mail.subject, "STOP AT 20:00 (Europe/Berlin): 30 environments - lower");
  EXPECT_THAT(mail.body, HasSubstr("  environment-29  2 servers run\n"));
  EXPECT_THAT(mail.body, Not(HasSubstr("keep environment-29 ")));
}

TEST_F(WarnTest, NobodyCanSayWhatPeopleDecidedWhereTheTableIsSilent) {
  table_.trouble = [] { return MemoryTable::Trouble::refused; };
  EXPECT_EQ(run_task(context(), to_json(task_)).error().code, "ProvisionedThroughputExceededException");
}

TEST_F(WarnTest, APayloadIsReadAsItWasWritten) {
  EXPECT_EQ(read_warn_payload(to_json(task_)).value(), task_);
  json::object without = to_json(task_);
  without.erase("ahead");
  EXPECT_THAT(read_warn_payload(without).error().message, HasSubstr("payload.ahead"));
  without = to_json(task_);
  without.erase("occurrence");
  EXPECT_THAT(read_warn_payload(without).error().message, HasSubstr("payload.occurrence"));
}

}  // namespace
}  // namespace lamplighter::tasks
