// How the states of the language behave, on the simulation driver.
#include "engine/core/execution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "engine/virtual/simulation.h"

namespace lamplighter::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Time kStart{Duration{1'000'000'000'000}};

/// Answers by a script; sleeps first where it says so.
class Script final : public TaskRunner {
 public:
  explicit Script(Clock& clock) : clock_(clock) {}
  TaskResult run(const TaskRequest& request) override {
    requests.push_back(request);
    clock_.sleep(length);
    if (answers.empty()) return make_payload(json::object{{"echo", request.arguments->value}});
    auto answer = answers.front();
    if (answers.size() > 1) answers.erase(answers.begin());
    return answer;
  }
  std::vector<TaskResult> answers;
  Duration length{0};
  std::vector<TaskRequest> requests;

 private:
  Clock& clock_;
};

class ExecutionTest : public ::testing::Test {
 protected:
  SimulationResult run(const std::string& states, const json::value& input = json::object{}) {
    const auto result = simulate(R"({"QueryLanguage": "JSONata", "StartAt": "A", "States": )" + states + "}",
                                 input, clock_, script_, options_);
    EXPECT_TRUE(result) << result.error().message;
    return result ? *result : SimulationResult{};
  }

  static std::vector<std::string> types(const SimulationResult& result) {
    std::vector<std::string> out;
    for (const auto& event : result.events) out.emplace_back(to_string(event.type));
    return out;
  }

  static const Event& event(const SimulationResult& result, std::string_view type, int nth = 0) {
    for (const auto& each : result.events) {
      if (to_string(each.type) == type && nth-- == 0) return each;
    }
    ADD_FAILURE() << "no " << type;
    return result.events.front();
  }

  static tl::unexpected<TaskFailure> failure(const std::string& error) {
    return tl::unexpected(TaskFailure{error, "because"});
  }

  SimulationClock clock_{kStart};
  Script script_{clock_};
  SimulationOptions options_;
};

const std::string kInvoke =
    R"("Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "f"})";

TEST_F(ExecutionTest, AWaitTakesItsTimeAndAllVariablesSurvive) {
  const auto result = run(R"({"A": {"Type": "Pass", "Assign": {"n": 90}, "Next": "B"},
    "B": {"Type": "Wait", "Seconds": "{% $n %}", "Next": "C"},
    "C": {"Type": "Wait", "Timestamp": "2001-09-09T01:50:00Z", "Next": "D"},
    "D": {"Type": "Succeed", "Output": "{% $n + 1 %}"}})");
  EXPECT_EQ(result.execution.output, "91");
  EXPECT_EQ(event(result, "WaitStateExited").time, kStart + std::chrono::seconds{90});
  EXPECT_EQ(*result.execution.ended, *parse_time("2001-09-09T01:50:00Z"));
}

TEST_F(ExecutionTest, RetriesBackOffAndTheirCountIsInTheContext) {
  script_.answers = {failure("Flaky"), failure("Flaky"), make_payload(json::object{{"ok", true}})};
  const auto result =
      run("{\"A\": {" + kInvoke + R"(, "End": true, "Output": "{% $states.context.State.RetryCount %}",
    "Retry": [{"ErrorEquals": ["Other"]}, {"ErrorEquals": ["Flaky"], "IntervalSeconds": 10, "BackoffRate": 3, "MaxAttempts": 2}]}})");
  EXPECT_EQ(result.execution.output, "2");
  EXPECT_EQ(*result.execution.ended, kStart + std::chrono::seconds{10 + 30});
}

TEST_F(ExecutionTest, ARetrysDelayIsBounded) {
  script_.answers = {failure("Flaky")};
  run("{\"A\": {" + kInvoke +
      R"(, "End": true, "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "BackoffRate": 10,
    "MaxAttempts": 3, "MaxDelaySeconds": 20}]}})");
  EXPECT_EQ(clock_.now(), kStart + std::chrono::seconds{10 + 20 + 20});
}

TEST_F(ExecutionTest, ACatchTakesOverWithTheErrorOutput) {
  script_.answers = {failure("Broken")};
  const auto result = run("{\"A\": {" + kInvoke + R"(, "End": true, "Catch": [
      {"ErrorEquals": ["States.Timeout"], "Next": "C"},
      {"ErrorEquals": ["States.TaskFailed"], "Next": "B", "Assign": {"e": "{% $states.errorOutput.Error %}"},
       "Output": {"in": "{% $states.input.x %}"}}]},
    "B": {"Type": "Pass", "Output": {"caught": "{% $e %}", "input": "{% $states.input %}"}, "End": true},
    "C": {"Type": "Fail"}})",
                          {{"x", 7}});
  EXPECT_EQ(result.execution.output, R"({"caught":"Broken","input":{"in":7}})");
}

TEST_F(ExecutionTest, ATaskThatTakesTooLongTimesOut) {
  script_.length = std::chrono::seconds{60};
  const auto timed_out = run("{\"A\": {" + kInvoke + R"(, "TimeoutSeconds": 5, "End": true}})");
  EXPECT_EQ(timed_out.execution.error, "States.Timeout");
  EXPECT_EQ(event(timed_out, "TaskTimedOut").time, kStart + std::chrono::seconds{5});
  const auto heartbeat =
      run("{\"A\": {" + kInvoke + R"(, "TimeoutSeconds": 50, "HeartbeatSeconds": 5, "End": true}})");
  EXPECT_EQ(heartbeat.execution.error, "States.HeartbeatTimeout");
}

TEST_F(ExecutionTest, ParallelTasksOverlapInVirtualTime) {
  script_.length = std::chrono::seconds{10};
  const auto result =
      run("{\"A\": {\"Type\": \"Parallel\", \"End\": true, \"Branches\": [{\"StartAt\": \"X\", \"States\": "
          "{\"X\": {" +
          kInvoke + R"(, "Output": 1, "End": true}}}, {"StartAt": "Y", "States": {"Y": {)" + kInvoke +
          R"(, "Output": 2, "End": true}}}]}})");
  EXPECT_EQ(result.execution.output, "[1,2]");
  EXPECT_EQ(*result.execution.ended, kStart + std::chrono::seconds{10});
}

TEST_F(ExecutionTest, AFailingBranchAbortsItsNeighbours) {
  const auto result = run(R"({"A": {"Type": "Parallel", "End": true, "Branches": [
    {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 100, "End": true}}},
    {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}]}})");
  EXPECT_EQ(result.execution.error, "E");
  EXPECT_THAT(types(result), ElementsAre("ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted",
                                         "WaitStateEntered", "FailStateEntered", "WaitStateAborted",
                                         "ParallelStateFailed", "ExecutionFailed"));
  EXPECT_EQ(clock_.now(), kStart);
}

TEST_F(ExecutionTest, VariablesOfABranchStayInIt) {
  const auto result = run(R"({"A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "P"},
    "P": {"Type": "Parallel", "Next": "Z", "Branches": [{"StartAt": "B", "States": {
      "B": {"Type": "Pass", "Assign": {"inner": "{% $v + 1 %}"}, "Next": "C"},
      "C": {"Type": "Pass", "Output": "{% $inner %}", "End": true}}}]},
    "Z": {"Type": "Pass", "Output": {"branch": "{% $states.input[0] %}", "leaked": "{% $exists($inner) %}"}, "End": true}})");
  EXPECT_EQ(result.execution.output, R"({"branch":2,"leaked":false})");
}

TEST_F(ExecutionTest, AMapRunsAtMostAsManyAtOnceAsItMay) {
  script_.length = std::chrono::seconds{10};
  const auto result = run(
      "{\"A\": {\"Type\": \"Map\", \"End\": true, \"Items\": [1,2,3,4,5], \"MaxConcurrency\": 2, " +
      (R"("ItemSelector": {"i": "{% $states.context.Map.Item.Index %}", "v": "{% $states.context.Map.Item.Value %}"},
    "ItemProcessor": {"StartAt": "X", "States": {"X": {)" +
       kInvoke) +
      R"(, "Output": "{% $states.input.i * 10 + $states.input.v %}", "End": true}}}}})");
  EXPECT_EQ(result.execution.output, "[1,12,23,34,45]");
  EXPECT_EQ(*result.execution.ended, kStart + std::chrono::seconds{30});
}

TEST_F(ExecutionTest, AMapToleratesAsManyFailuresAsItSays) {
  const auto with = [&](const std::string& tolerance) {
    return run(R"({"A": {"Type": "Map", "End": true, "Items": [0,1,2,3], "MaxConcurrency": 1, )" + tolerance +
               R"(
      "ItemProcessor": {"StartAt": "C", "States": {
        "C": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input < 2 %}", "Next": "F"}], "Default": "S"},
        "F": {"Type": "Fail", "Error": "E"}, "S": {"Type": "Succeed"}}}}})");
  };
  EXPECT_EQ(with("").execution.error, "E");
  EXPECT_EQ(with(R"("ToleratedFailureCount": 1,)").execution.error, "States.ExceedToleratedFailureThreshold");
  EXPECT_EQ(with(R"("ToleratedFailurePercentage": 49,)").execution.error,
            "States.ExceedToleratedFailureThreshold");
  EXPECT_EQ(with(R"("ToleratedFailureCount": 2,)").execution.output, R"([{"Error":"E"},{"Error":"E"},2,3])");
  EXPECT_EQ(with(R"("ToleratedFailurePercentage": 50,)").execution.status, ExecutionStatus::succeeded);
}

TEST_F(ExecutionTest, AMapsToleranceMayBeAFraction) {
  const auto with = [&](const std::string& percentage) {
    return run(R"({"A": {"Type": "Map", "End": true, "Items": [0,1,2,3,4,5,6], "ToleratedFailurePercentage": )" +
               percentage + R"(, "ItemProcessor": {"StartAt": "C", "States": {
        "C": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input < 1 %}", "Next": "F"}], "Default": "S"},
        "F": {"Type": "Fail", "Error": "E"}, "S": {"Type": "Succeed"}}}}})")
        .execution.status;
  };
  EXPECT_EQ(with("14.2"), ExecutionStatus::failed);  // one of seven is 14.28…
  EXPECT_EQ(with("14.3"), ExecutionStatus::succeeded);
  EXPECT_EQ(with(R"("{% 100 / 7 %}")"), ExecutionStatus::succeeded);
}

TEST_F(ExecutionTest, AMapNeedsAnArray) {
  const auto message = [&](const std::string& items) {
    return run(R"({"A": {"Type": "Map", "End": true, )" + items + R"("ItemProcessor": {"StartAt": "S",
               "States": {"S": {"Type": "Succeed"}}}}})",
               {{"x", 1}})
        .execution.cause.value_or("");
  };
  EXPECT_THAT(message(""),
              HasSubstr("(entered at the event id #2). Map state input must be an array but was: object"));
  EXPECT_THAT(message(R"("Items": {"a": "{% 1 %}"},)"),
              HasSubstr("Map state input must be an array but was: object"));
  EXPECT_THAT(message(R"("Items": "{% 1 %}",)"),
              HasSubstr("Expected 'array', but was 'number' for value: 1"));
}

TEST_F(ExecutionTest, AnIterationsFailureIsALeafBehindAFailedEvaluation) {
  const auto previous_of_end = [&](const std::string& inner) {
    const auto result =
        run(R"({"A": {"Type": "Map", "End": true, "Items": [1], "ItemProcessor": {"StartAt": "X",
                               "States": {"X": )" +
            inner + "}}}}");
    return std::pair(event(result, "MapIterationFailed"), event(result, "MapStateFailed"));
  };
  const auto [evaluated, after] =
      previous_of_end(R"({"Type": "Pass", "Output": "{% 1 + 'a' %}", "End": true})");
  EXPECT_EQ(after.previous_id, evaluated.previous_id);
  const auto [failed, behind] = previous_of_end(R"({"Type": "Fail", "Error": "E"})");
  EXPECT_EQ(behind.previous_id, failed.id);
}

TEST_F(ExecutionTest, ItemsSayWhereTheyComeFrom) {
  const auto result = run(
      R"({"A": {"Type": "Map", "End": true, "Items": [7], "ItemSelector": "{% $states.context.Map.Item %}",
    "ItemProcessor": {"StartAt": "S", "States": {"S": {"Type": "Pass", "End": true,
      "Output": ["{% $states.input %}", "{% $states.context.Map.Item.Source %}"]}}}}})");
  EXPECT_EQ(result.execution.output,
            R"([[{"Index":0,"Key":null,"Value":7,"Source":"STATE_DATA"},"STATE_DATA"]])");
}

TEST_F(ExecutionTest, AllVariablesTogetherHaveALimit) {
  const auto assign = [&](int states, bool fresh) {
    std::string text = "{";
    for (int i = 0; i < states; ++i) {
      const std::string name = i == 0 ? "A" : "S" + std::to_string(i);
      text += "\"" + name + R"(": {"Type": "Pass", "Assign": {"v)" + (fresh ? std::to_string(i) : "") +
              R"(": "{% $states.input %}"}, "Next": "S)" + std::to_string(i + 1) + "\"},";
    }
    return run(text + "\"S" + std::to_string(states) + R"(": {"Type": "Succeed"}})",
               json::string(200'000, 'x'))
        .execution;
  };
  EXPECT_EQ(assign(52, true).status, ExecutionStatus::succeeded);  // 10,400,104 bytes of 10,485,760
  EXPECT_EQ(assign(53, true).error, "States.DataLimitExceeded");
  EXPECT_EQ(assign(60, false).status, ExecutionStatus::succeeded);
}

TEST_F(ExecutionTest, WhatIsNoTimestampIsToldSo) {
  const auto result =
      run(R"({"A": {"Type": "Wait", "Timestamp": "{% $states.input.t %}", "End": true}})", {{"t", "soon"}});
  EXPECT_EQ(result.execution.error, "States.QueryEvaluationError");
  EXPECT_THAT(*result.execution.cause, HasSubstr("String does not match RFC3339 timestamp"));
  EXPECT_EQ(event(result, "EvaluationFailed").details.at("location"), "Timestamp");
}

TEST_F(ExecutionTest, NumbersThatAreNoneAreText) {
  const auto result =
      run(R"({"A": {"Type": "Pass", "Output": ["{% [1/0] %}", "{% {'k': -1/0} %}"], "End": true}})");
  EXPECT_EQ(result.execution.output, R"([["Infinity"],{"k":"-Infinity"}])");
}

TEST_F(ExecutionTest, AnEmptyMapIsDoneAtOnce) {
  EXPECT_EQ(run(R"({"A": {"Type": "Map", "End": true, "Items": [], "ItemProcessor": {"StartAt": "S",
    "States": {"S": {"Type": "Succeed"}}}}})")
                .execution.output,
            "[]");
}

TEST_F(ExecutionTest, EvaluationErrorsCanBeCaughtAndAreLocated) {
  const auto result = run("{\"A\": {" + kInvoke + R"(, "End": true, "Output": {"x": ["{% 1 + 'a' %}"]},
    "Catch": [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "B"}]}, "B": {"Type": "Succeed"}})");
  EXPECT_EQ(result.execution.status, ExecutionStatus::succeeded);
  const auto& failed = event(result, "EvaluationFailed");
  EXPECT_EQ(failed.details.at("location").as_string(), "Output/x[0]");
  EXPECT_THAT(std::string(failed.details.at("cause").as_string()), HasSubstr("T2002"));
}

TEST_F(ExecutionTest, ACrashChangesNoFraction) {
  const std::string states =
      R"({"A": {"Type": "Pass", "Output": {"share": "{% 90.57000000000001 %}"}, "Next": "B"},
    "B": {"Type": "Wait", "Seconds": 10, "Next": "C"},
    "C": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.share = 90.57000000000001 %}", "Next": "D"}]},
    "D": {"Type": "Succeed"}})";
  EXPECT_EQ(run(states).execution.output, R"({"share":90.57000000000001})");
  options_.crash_after_commit = [] { return true; };
  EXPECT_EQ(run(states).execution.output, R"({"share":90.57000000000001})");
}

TEST_F(ExecutionTest, WhatOnlyPassesThroughKeepsItsNumbersText) {
  const std::string states = R"({
    "A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "Next": "B"},
    "B": {"Type": "Wait", "Seconds": 1, "Next": "C"},
    "C": {"Type": "Map", "ItemProcessor": {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "End": true}}},
      "Next": "D"},
    "D": {"Type": "Parallel", "Branches": [{"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}], "End": true}})";
  for (const bool crash : {false, true}) {
    options_.crash_after_commit = [crash] { return crash; };
    script_.answers = {
        *read_compact(R"([0.0, -0, {"big": 123456789012345680000, "list": [1.50, 1E2]}, "a, [b"])")};
    EXPECT_EQ(run(states).execution.output,
              R"([[0.0,-0,{"big":123456789012345680000,"list":[1.50,1E2]},"a, [b"]])");
  }
}

TEST_F(ExecutionTest, WhatLeavesAnExpressionIsWrittenAsJavaScriptDoes) {
  script_.answers = {*read_compact(R"([0.0, -0.0, 1.50, 1E21, 123456789012345680000])")};
  const auto result = run("{\"A\": {" + kInvoke + R"(, "Output": "{% $states.result %}", "End": true}})");
  EXPECT_EQ(result.execution.output, "[0,0,1.5,1e+21,123456789012345680000]");
}

TEST_F(ExecutionTest, ValuesNestAsDeepAsTheyCanBeReadAgain) {
  options_.crash_after_commit = [] { return true; };
  const auto deep =
      run(R"({"A": {"Type": "Pass", "Output": "{% [1..200] ~> $reduce(function($a, $i) { {'a': $a} }) %}",
    "Next": "B"}, "B": {"Type": "Map", "Items": ["{% $states.input %}"], "End": true, "ItemProcessor": {"StartAt": "C",
    "States": {"C": {"Type": "Wait", "Seconds": 1, "End": true}}}}})");
  EXPECT_EQ(deep.execution.status, ExecutionStatus::succeeded) << deep.execution.cause.value_or("");
  const auto endless = run(R"({"A": {"Type": "Parallel", "Next": "B",
    "Branches": [{"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}]},
    "B": {"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "C"}], "Default": "A"},
    "C": {"Type": "Succeed"}})");
  EXPECT_EQ(endless.execution.error, "States.DataLimitExceeded");
}

TEST_F(ExecutionTest, NoWildcardCatchesTheTerminalErrors) {
  script_.answers = {make_payload(json::value(std::string(300'000, 'x')))};
  const auto too_large =
      run("{\"A\": {" + kInvoke + R"(, "End": true, "Retry": [{"ErrorEquals": ["States.ALL"]}],
    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}]}, "B": {"Type": "Succeed"}})");
  EXPECT_EQ(too_large.execution.error, "States.DataLimitExceeded");
  const auto named =
      run("{\"A\": {" + kInvoke + R"(, "End": true, "Catch": [{"ErrorEquals": ["States.DataLimitExceeded"],
    "Next": "B"}]}, "B": {"Type": "Succeed"}})");
  EXPECT_EQ(named.execution.status, ExecutionStatus::succeeded);
}

TEST_F(ExecutionTest, AChoiceWithoutAMatchFails) {
  const auto result = run(
      R"({"A": {"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "B"}]}, "B": {"Type": "Succeed"}})");
  EXPECT_EQ(result.execution.error, "States.NoChoiceMatched");
}

TEST_F(ExecutionTest, TheWholeExecutionMayTimeOut) {
  const auto result = simulate(
      R"({"StartAt": "A", "TimeoutSeconds": 5, "States": {"A": {"Type": "Wait", "Seconds": 60, "End": true}}})",
      json::object{}, clock_, script_, options_);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->execution.status, ExecutionStatus::timed_out);
  EXPECT_THAT(types(*result), ElementsAre("ExecutionStarted", "WaitStateEntered", "ExecutionTimedOut"));
  EXPECT_EQ(result->events.back().previous_id, 0);
  EXPECT_EQ(clock_.now(), kStart + std::chrono::seconds{5});
}

TEST_F(ExecutionTest, TheRunnerSeesWhatTheTaskAsksFor) {
  run(R"({"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "TimeoutSeconds": 30,
    "Credentials": {"RoleArn": "arn:aws:iam::1:role/r"}, "End": true}})",
      {{"in", 1}});
  ASSERT_EQ(script_.requests.size(), 1U);
  const auto& request = script_.requests.front();
  EXPECT_EQ(request.arguments->value, json::value({{"in", 1}}))
      << "without Arguments a function gets the state's input";
  EXPECT_EQ(request.role_arn, "arn:aws:iam::1:role/r");
  EXPECT_EQ(request.begun, kStart);
  EXPECT_EQ(request.task_id, 3U);
}

TEST_F(ExecutionTest, APacerMayStopARun) {
  options_.before_advance = [](Time next) { return next < kStart + std::chrono::seconds{100}; };
  const auto result = run(
      R"({"A": {"Type": "Wait", "Seconds": 50, "Next": "B"}, "B": {"Type": "Wait", "Seconds": 60, "End": true}})");
  EXPECT_EQ(result.execution.status, ExecutionStatus::aborted);
  EXPECT_THAT(types(result), ElementsAre("ExecutionStarted", "WaitStateEntered", "WaitStateExited",
                                         "WaitStateEntered", "ExecutionAborted"));
  EXPECT_EQ(result.events.back().previous_id, 0);
}

TEST_F(ExecutionTest, TheContextTellsWhatRuns) {
  const auto result =
      run(R"({"A": {"Type": "Pass", "End": true, "Output": "{% $states.context %}"}})", {{"x", 1}});
  const auto context = parse_json(*result.execution.output).value();
  EXPECT_EQ(context.at("Execution").at("Id").as_string(),
            "arn:aws:states:us-east-1:123456789012:execution:simulation:simulation");
  EXPECT_EQ(context.at("Execution").at("Input"), json::value({{"x", 1}}));
  EXPECT_EQ(context.at("State").at("EnteredTime").as_string(), "2001-09-09T01:46:40.000Z");
  EXPECT_EQ(context.at("State").at("RetryCount"), 0);
  EXPECT_EQ(context.at("StateMachine").at("Name").as_string(), "simulation");
}

TEST_F(ExecutionTest, ADeepParallelOfManyStrandsStaysWithinTheHistoryLimit) {
  const auto result = run(
      R"({"A": {"Type": "Map", "End": true, "Items": "{% [1..200] %}", "ItemProcessor": {"StartAt": "L", "States": {
    "L": {"Type": "Pass", "Next": "M"}, "M": {"Type": "Pass", "Next": "L"}}}}})");
  EXPECT_EQ(result.execution.error, "States.Runtime");
  EXPECT_EQ(result.events.size(), static_cast<std::size_t>(limits::kHistoryEvents));
}

TEST(Matching, WildcardsKnowWhatTheyDoNotMatch) {
  EXPECT_TRUE(matches({"States.ALL"}, "Anything"));
  EXPECT_FALSE(matches({"States.ALL"}, "States.Runtime"));
  EXPECT_FALSE(matches({"States.Runtime"}, "States.Runtime"));
  EXPECT_TRUE(matches({"States.TaskFailed"}, "Anything"));
  EXPECT_FALSE(matches({"States.TaskFailed"}, "States.Timeout"));
  EXPECT_TRUE(matches({"States.Timeout"}, "States.HeartbeatTimeout"));
}

}  // namespace
}  // namespace lamplighter::engine
