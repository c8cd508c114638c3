#include "engine/core/timeline.h"

#include <gtest/gtest.h>

#include "asl/parse.h"
#include "engine/core/execution.h"

namespace lamplighter::engine {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

/// Both readings by hand.
class HandClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return wall; }
  [[nodiscard]] Time steady() const override { return even; }
  void sleep(Duration duration) override {
    wall += duration;
    even += duration;
  }
  Time wall{hours{500'000}};
  Time even{seconds{77}};
};

TEST(Timeline, GoesOnEvenlyWhileTheClockIsSet) {
  HandClock clock;
  Timeline line(clock, Duration::zero());
  EXPECT_EQ(line.now().steady, clock.wall) << "it begins as the wall clock";
  clock.sleep(seconds{10});
  EXPECT_FALSE(line.was_set(line.now()));
  clock.wall -= hours{24};
  EXPECT_TRUE(line.was_set(line.now()));
  EXPECT_EQ(line.notice(line.now()), -hours{24});
  EXPECT_FALSE(line.was_set(line.now()));
  EXPECT_EQ(line.now().steady, Time{hours{500'000} + seconds{10}});
  EXPECT_EQ(line.now().wall, clock.wall);
}

TEST(Timeline, GoesOnInTheNextLifeWhereItWas) {
  HandClock clock;
  Timeline first(clock, Duration::zero());
  clock.wall += hours{1};
  const Duration skew = first.notice(first.now());
  const Time left = first.now().steady;
  clock.even = Time{seconds{5}};  // the machine was started again, which took a minute
  clock.wall += seconds{60};
  const Timeline second(clock, skew);
  EXPECT_EQ(second.now().steady, left + seconds{60});
}

class SetClock : public ::testing::Test {
 protected:
  static std::unique_ptr<ExecutionCore> core(const std::string& states, const std::string& more = "") {
    const auto parsed = asl::parse(R"({"QueryLanguage": "JSONata", "StartAt": "A", )" + more +
                                   R"("States": )" + states + "}");
    EXPECT_TRUE(parsed.definition);
    return std::make_unique<ExecutionCore>(parsed.definition,
                                           Identity{"arn", "run", "arn", "machine", "role", "us-east-1", 1});
  }

  /// Carries on, and keeps what happened.
  void take(ExecutionCore& core, Step step, Now now) {
    while (true) {
      std::move(step.events.begin(), step.events.end(), std::back_inserter(history_));
      if (!step.more) return;
      step = core.proceed(now);
    }
  }

  /// The same execution as its history has it, after a write and a read.
  std::unique_ptr<ExecutionCore> rebuilt(std::unique_ptr<ExecutionCore> fresh) {
    const auto events = read_records(write_records(history_));
    EXPECT_TRUE(events && fresh->restore(*events));
    return fresh;
  }

  const Time start_{hours{500'000}};
  std::vector<Event> history_;
};

TEST_F(SetClock, AWaitOfSecondsGoesByTheLineAndATimestampByTheWall) {
  const std::string states = R"({"A": {"Type": "Parallel", "End": true, "Branches": [
    {"StartAt": "S", "States": {"S": {"Type": "Wait", "Seconds": 100, "End": true}}},
    {"StartAt": "T", "States": {"T": {"Type": "Wait", "Timestamp": "{% $fromMillis($toMillis($states.context.Execution.StartTime) + 100000) %}",
      "End": true}}}]}})";
  auto live = core(states);
  const Now now{start_ + hours{5}, start_};
  take(*live, live->start(make_payload(json::object{}), now), now);
  for (auto* each : {live.get(), rebuilt(core(states)).release()}) {
    const std::unique_ptr<ExecutionCore> owned(each == live.get() ? nullptr : each);
    EXPECT_EQ(each->next_due(now), start_ + seconds{100});
    EXPECT_EQ(each->next_due({start_, start_}), start_ + seconds{100}) << "set back: the moment is far away";
    EXPECT_EQ(each->next_due({start_ + hours{6}, start_}), start_ + seconds{100} - hours{1})
        << "set forward: it has come";
  }
}

TEST_F(SetClock, TheWholeExecutionsTimeGoesByTheLineAlsoAfterARebuild) {
  const std::string states = R"({"A": {"Type": "Wait", "Seconds": 1000, "End": true}})";
  const std::string limit = R"("TimeoutSeconds": 50, )";
  auto live = core(states, limit);
  const Now now{start_ - hours{24}, start_};
  take(*live, live->start(make_payload(json::object{}), now), now);
  EXPECT_EQ(live->next_due(now), start_ + seconds{50});
  EXPECT_EQ(rebuilt(core(states, limit))->next_due(now), start_ + seconds{50});
}

TEST_F(SetClock, ATasksTimeGoesByTheLineAlsoAfterARebuild) {
  const std::string states =
      R"({"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 30, "End": true}})";
  auto live = core(states);
  const Now now{start_ + hours{1}, start_};
  take(*live, live->start(make_payload(json::object{}), now), now);
  EXPECT_EQ(live->next_due(now), std::nullopt) << "it has not begun";
  EXPECT_EQ(live->tasks_in_flight(now).at(0).timeout, seconds{30});
  const auto id = live->tasks_in_flight(now).at(0).task_id;
  take(*live, live->begin_task(id, now.plus(seconds{7})), now);
  const auto again = rebuilt(core(states));
  EXPECT_EQ(again->next_due(now), start_ + seconds{37});
  EXPECT_EQ(again->tasks_in_flight(now.plus(seconds{27})).at(0).timeout, seconds{10})
      << "run again, it has what is left";
  EXPECT_TRUE(again->begin_task(id, now.plus(seconds{27})).events.empty()) << "it has begun before";
}

TEST_F(SetClock, ATaskNeverStartsBeforeTheEventThatCameEarlier) {
  auto live = core(R"({"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}})");
  take(*live, live->start(make_payload(json::object{}), start_), start_);
  const auto id = live->tasks_in_flight(start_).at(0).task_id;
  const Step begun = live->begin_task(id, start_ - seconds{1});
  EXPECT_EQ(begun.events.at(0).time, start_);
}

}  // namespace
}  // namespace lamplighter::engine
