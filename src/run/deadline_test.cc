// A phase's deadline is the machine's: it holds too where no look ever answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/virtual/simulation.h"
#include "machine/compile.h"
#include "tasks/protocol/admit.h"
#include "tasks/protocol/survey.h"
#include "tests/support/scheduled_fleet.h"

namespace lamplighter::run {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// dev is admitted; then each look takes a minute, and fails by an error that may pass.
class DarkRegion final : public engine::TaskRunner {
 public:
  explicit DarkRegion(engine::SimulationClock& clock) : clock_(clock) {}

  engine::TaskResult run(const engine::TaskRequest& request) override {
    const json::value& payload = request.arguments->value.at("Payload");
    const std::string task = get_string(payload, "task");
    if (task == "survey") {
      return answered(to_json(tasks::SurveyAnswer{
          {{"dev", tasks::Verdict::run, "", ""}, {"test", tasks::Verdict::skipped, "", ""}}, 200, {}}));
    }
    if (task == admits_until_) return fails();
    if (task == "admit") {
      tasks::AdmitAnswer answer;
      answer.status = tasks::Admission::run;
      answer.members["app"] = {};
      return answered(to_json(answer));
    }
    if (task == "reconcile") return fails();
    if (!reported_) reported_ = clock_.line();
    return answered({{"status", "ABORTED"}, {"environments", json::array{}}});
  }
  void darken_admit() { admits_until_ = "admit"; }
  /// From the first error to the report.
  [[nodiscard]] Duration took() const { return *reported_ - *failed_; }

 private:
  engine::TaskResult fails() {
    if (!failed_) failed_ = clock_.line();
    if (set_by_ != Duration::zero()) clock_.set_wall_by(std::exchange(set_by_, Duration::zero()));
    clock_.sleep(seconds(62));
    return tl::unexpected(engine::TaskFailure{"RequestTimeout", "no answer"});
  }
  static engine::TaskResult answered(json::object payload) {
    return engine::make_payload(json::object{{"Payload", std::move(payload)}});
  }

  engine::SimulationClock& clock_;
  std::string admits_until_;
  std::optional<Time> failed_;
  std::optional<Time> reported_;

 public:
  Duration set_by_{0};  ///< what somebody sets the wall by, at the first error
};

class DeadlineTest : public testing::Test {
 protected:
  Duration took(Duration timeout) {
    fleet::Fleet fleet =
        fleet::scheduled_fleet("  - {name: evening, action: stop, cron: \"0 20 * * ? *\"}\n");
    fleet.environments[0].phases[0].timeout = timeout;
    const auto definition = machine::compile(fleet, tasks::Action::stop).value();
    EXPECT_TRUE(
        simulate(json_text(definition), json::object{{"environments", json::array{"dev"}}}, clock_, region_));
    return region_.took();
  }

  engine::SimulationClock clock_{parse_time("2026-11-27T20:00:00Z").value()};
  DarkRegion region_{clock_};
};

TEST_F(DeadlineTest, HoldsWhereNoLookEverAnswers) {
  EXPECT_LE(took(minutes(15)), minutes(18));
  EXPECT_GE(region_.took(), minutes(15));
}

TEST_F(DeadlineTest, OfAMinuteToo) { EXPECT_LE(took(minutes(1)), minutes(3)); }

TEST_F(DeadlineTest, HoldsWhereTheEnvironmentIsNeverAdmitted) {
  region_.darken_admit();
  EXPECT_LE(took(minutes(15)), minutes(18));
}

/// Each error then counts as long as a task may take, and no longer.
TEST_F(DeadlineTest, IsNotOverAtOnceWhereTheClockIsSet) {
  region_.set_by_ = std::chrono::hours(5);
  EXPECT_GE(took(minutes(15)), minutes(9));
}

}  // namespace
}  // namespace lamplighter::run
