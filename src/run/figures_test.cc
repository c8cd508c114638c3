#include "run/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/recorded_log.h"
#include "tests/support/scheduled_fleet.h"

namespace lamplighter::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string shown(const Figures& figures) {
  api::MetricsText text;
  figures.show(text);
  return text.text();
}

fleet::Fleet fleet() {
  return fleet::scheduled_fleet("  - {name: e, action: stop, cron: \"0 20 * * ? *\"}\n");
}

const Time kNow = *parse_time("2026-11-27T06:00:00Z");

TEST(Figures, BeginAtZeroForAllThatIsKnown) {
  Figures figures;
  figures.know(fleet());
  const std::string text = shown(figures);
  EXPECT_THAT(text, HasSubstr("lamplighter_occurrences_total{fleet=\"f\",outcome=\"missed\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("lamplighter_occurrences_total{fleet=\"\",outcome=\"missed\"} 0\n"));
  EXPECT_THAT(
      text, HasSubstr("last_success_timestamp_seconds{fleet=\"f\",environment=\"dev\",action=\"stop\"} 0\n"));
  EXPECT_THAT(text,
              HasSubstr("lamplighter_execution_duration_seconds_count{fleet=\"f\",action=\"start\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("lamplighter_executions_ended_total{status=\"TIMED_OUT\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("lamplighter_log_events_total{event=\"store_trouble\",level=\"error\"} 0\n"));
}

TEST(Figures, CountWhatIsSaid) {
  Figures figures;
  figures.know(fleet());
  RecordedLog recorded;
  CountedLog log(figures, recorded);
  log.write({.event = LogEvent::occurrence_missed, .message = "m", .fleet = "f", .count = 5});
  log.write({.event = LogEvent::environment_halted, .message = "m", .fleet = "f", .environment = "dev"});
  log.write({.event = LogEvent::occurrence_missed, .message = "m", .fleet = "another's"});
  const std::string text = shown(figures);
  EXPECT_THAT(text, HasSubstr("lamplighter_occurrences_total{fleet=\"f\",outcome=\"missed\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("lamplighter_environments_halted_total{fleet=\"f\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("{event=\"occurrence_missed\",level=\"warning\"} 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("another's"))) << "a name that is not known beforehand makes no series";
  EXPECT_EQ(recorded.troubles.size(), 3U);
}

TEST(Figures, KeepAnEnvironmentsLastSuccessAndForgetThoseThatAreGone) {
  Figures figures;
  fleet::Fleet both = fleet();
  figures.know(both);
  const auto machine = figures.machine_of("f-start");
  ASSERT_TRUE(machine);
  EXPECT_EQ(machine->action, tasks::Action::start);
  EXPECT_FALSE(figures.machine_of("g-start") || figures.machine_of("-stop") || figures.machine_of("f"));
  EXPECT_THAT(figures.without_success(*machine), ElementsAre("dev", "test"));
  figures.environment_succeeded(*machine, "dev", kNow);
  figures.environment_succeeded(*machine, "dev", kNow - std::chrono::hours(1));
  figures.environment_succeeded(*machine, "nobody", kNow);
  EXPECT_THAT(figures.without_success(*machine), ElementsAre("test"));
  EXPECT_THAT(shown(figures), HasSubstr("environment=\"dev\",action=\"start\"} 1795759200\n"));
  both.environments.erase(both.environments.begin());
  figures.know(both);
  EXPECT_THAT(shown(figures), Not(HasSubstr("dev")));
}

TEST(Figures, MeasureHowLongAFleetsExecutionsTake) {
  Figures figures;
  figures.know(fleet());
  engine::Execution execution;
  execution.status = engine::ExecutionStatus::succeeded;
  execution.started = kNow;
  execution.ended = kNow + std::chrono::minutes(9);
  figures.execution_ended(figures.machine_of("f-stop"), execution);
  figures.execution_ended(std::nullopt, execution);
  const std::string text = shown(figures);
  EXPECT_THAT(text, HasSubstr("seconds_bucket{fleet=\"f\",action=\"stop\",le=\"300\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("seconds_bucket{fleet=\"f\",action=\"stop\",le=\"600\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("seconds_sum{fleet=\"f\",action=\"stop\"} 540\n"));
  EXPECT_THAT(text, HasSubstr("lamplighter_executions_ended_total{status=\"SUCCEEDED\"} 2\n"));
}

}  // namespace
}  // namespace lamplighter::run
