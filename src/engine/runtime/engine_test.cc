// The embedded engine through its facade: real driver, real database.
#include "engine/runtime/engine.h"

#include <atomic>
#include <csignal>
#include <fstream>
#include <functional>
#include <future>
#include <latch>
#include <stdexcept>
#include <thread>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "engine/runtime/export.h"
#include "tests/support/engine_fixture.h"

namespace lamplighter::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Keeps tasks until it is opened. Held by the tasks too: those that hang outlive the test.
class Gate {
 public:
  void pass() const { future_.wait(); }
  void open() { promise_.set_value(); }

 private:
  std::promise<void> promise_;
  std::shared_future<void> future_ = promise_.get_future().share();
};

/// A clock whose wall part is set by the test.
class SettableClock final : public Clock {
 public:
  explicit SettableClock(double speed) : clock_(speed) {}
  [[nodiscard]] Time now() const override { return clock_.steady() + set_by_.load(); }
  [[nodiscard]] Time steady() const override { return clock_.steady(); }
  void sleep(Duration duration) override { clock_.sleep(duration); }
  void set_by(Duration duration) { set_by_ = set_by_.load() + duration; }

 private:
  SystemClock clock_;
  std::atomic<Duration> set_by_{Duration::zero()};
};

/// The input says which function, and how many seconds it has.
constexpr const char* kChosenTask =
    R"({"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
      "TimeoutSeconds": "{% $states.input.seconds %}", "Arguments": {"FunctionName": "{% $states.input.function %}"}}})";
constexpr const char* kSlow = R"({"function": "slow", "seconds": 1000000})";
constexpr const char* kFast = R"({"function": "fast", "seconds": 1000000})";
TEST_F(EngineTest, RunsATaskToItsEnd) {
  open();
  const auto arn = start(make(kTask));
  const auto ended = end_of(arn);
  EXPECT_EQ(ended.status, ExecutionStatus::succeeded);
  EXPECT_EQ(ended.output, R"({"n":0})");
  EXPECT_THAT(types(arn), ElementsAre("ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted",
                                      "TaskSucceeded", "TaskStateExited", "ExecutionSucceeded"));
}

TEST_F(EngineTest, StartingIsIdempotentByNameAndInputWhileItRuns) {
  open();
  const auto machine = make(kLongWait);
  const auto arn = start(machine, "one", R"({"a":1})");
  EXPECT_EQ(start(machine, "one", R"({"a":1})"), arn);
  EXPECT_EQ(engine_->start_execution(machine, "one", "{}").error().code, "ExecutionAlreadyExists");
  ASSERT_TRUE(engine_->stop_execution(arn, "Enough", "by hand"));
  EXPECT_EQ(engine_->start_execution(machine, "one", R"({"a":1})").error().code, "ExecutionAlreadyExists");
  const auto ended = end_of(arn);
  EXPECT_EQ(ended.status, ExecutionStatus::aborted);
  EXPECT_EQ(ended.error, "Enough");
  EXPECT_EQ(ended.cause, "by hand");
}

TEST_F(EngineTest, RefusesWhatIsWrongWithTheServicesNames) {
  open();
  const auto machine = make(kWait);
  EXPECT_EQ(engine_->start_execution(machine, "a b", "{}").error().code, "InvalidName");
  EXPECT_EQ(engine_->start_execution(machine, "a", "{").error().code, "InvalidExecutionInput");
  EXPECT_EQ(engine_->start_execution(machine, "a", std::string(300'000, ' ')).error().code,
            "InvalidExecutionInput");
  EXPECT_EQ(engine_->start_execution(machine + "x", "a", "{}").error().code, "StateMachineDoesNotExist");
  EXPECT_EQ(engine_->describe_execution("arn:aws:states:x").error().code, "ExecutionDoesNotExist");
  EXPECT_EQ(engine_->describe_execution("nothing").error().code, "InvalidArn");
  EXPECT_EQ(engine_->create_state_machine("m", "{}", "r").error().code, "InvalidDefinition");
  EXPECT_EQ(engine_->history({start(machine), 10, false, "x"}).error().code, "InvalidToken");
}

TEST_F(EngineTest, ArnsAreOfTheRegionsPartition) {
  options_.region = "cn-north-1";
  open();
  EXPECT_EQ(make(kWait), "arn:aws-cn:states:cn-north-1:123456789012:stateMachine:machine");
}

TEST_F(EngineTest, AStateMachineIsMadeOnceAndUpdated) {
  open();
  const auto arn = make(kWait);
  EXPECT_EQ(make(kWait), arn);
  const auto running = start(arn, "old");
  EXPECT_EQ(
      engine_->create_state_machine("machine", R"({"StartAt":"A","States":{"A":{"Type":"Succeed"}}})", "r")
          .error()
          .code,
      "StateMachineAlreadyExists");
  const std::string changed = R"({"StartAt":"A","States":{"A":{"Type":"Succeed"}}})";
  ASSERT_TRUE(engine_->update_state_machine(arn, changed, std::nullopt, {}));
  EXPECT_EQ(engine_->describe_state_machine(arn)->definition, changed);
  EXPECT_THAT(*engine_->execution_definition(running), HasSubstr("Wait"))
      << "a running execution keeps its definition";
  make(kWait, "another");
  const auto page = engine_->list_state_machines(1, "");
  EXPECT_EQ(page->items.front().name, "another");
  EXPECT_EQ(engine_->list_state_machines(1, page->next)->items.front().name, "machine");
  ASSERT_TRUE(engine_->delete_state_machine(arn));
  EXPECT_EQ(engine_->describe_state_machine(arn).error().code, "StateMachineDoesNotExist");
  EXPECT_EQ(end_of(running).status, ExecutionStatus::succeeded) << "it goes on without its state machine";
}

TEST_F(EngineTest, PagesThroughAHistoryBothWays) {
  open();
  const auto arn = start(make(kTask));
  end_of(arn);
  std::vector<std::int64_t> forward;
  std::vector<std::int64_t> backward;
  for (const bool reverse : {false, true}) {
    HistoryRequest request{arn, 3, reverse, ""};
    do {
      const auto page = engine_->history(request);
      ASSERT_TRUE(page);
      for (const auto& event : page->items) (reverse ? backward : forward).push_back(event.id);
      request.token = page->next;
    } while (!request.token.empty());
  }
  EXPECT_THAT(forward, ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(backward, ElementsAre(7, 6, 5, 4, 3, 2, 1));
}

TEST_F(EngineTest, ListsExecutionsNewestFirst) {
  open();
  const auto machine = make(kLongWait);
  for (const auto* name : {"a", "b", "c"}) start(machine, name);
  ASSERT_TRUE(engine_->stop_execution(engine_->list_executions({machine, {}, 10, ""})->items[1].arn, "", ""));
  const auto page = engine_->list_executions({machine, {}, 2, ""});
  EXPECT_EQ(page->items.front().name, "c");
  EXPECT_EQ(engine_->list_executions({machine, {}, 2, page->next})->items.front().name, "a");
  EXPECT_EQ(engine_->list_executions({machine, ExecutionStatus::aborted, 2, ""})->items.front().name, "b");
}

TEST_F(EngineTest, AWaitGoesOnAfterTheEngineWasClosed) {
  open();
  const auto arn = start(make(kWait));
  open();
  EXPECT_FALSE(engine_->describe_execution(arn)->ended) << "nothing goes on unasked";
  EXPECT_THAT(*engine_->resume(), ElementsAre(arn));
  EXPECT_EQ(end_of(arn).status, ExecutionStatus::succeeded);
}

TEST_F(EngineTest, ATaskInFlightIsRunAgainAfterAKill) {
  const pid_t child = ::fork();
  if (child == 0) {  // another process, killed in the middle of a task
    open();
    tasks_.body = [](const TaskRequest&) -> TaskResult {
      ::kill(::getpid(), SIGKILL);
      return make_payload(nullptr);
    };
    start(make(kTask));
    std::this_thread::sleep_for(20s);
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  open();
  std::vector<bool> again;
  tasks_.body = [&](const TaskRequest& request) -> TaskResult {
    again.push_back(request.again);
    return make_payload(json::object{{"n", 0}});
  };
  const auto arn = engine_->list_executions({"", {}, 10, ""})->items.at(0).arn;
  ASSERT_TRUE(engine_->resume(arn));
  EXPECT_EQ(end_of(arn).output, R"({"n":0})");
  end_of(start(make(kTask), "another"));
  EXPECT_THAT(again, ElementsAre(true, false)) << "the task is told that it may have been run before";
}

TEST_F(EngineTest, ASecondProcessIsRefusedByName) {
  open();
  const auto second = Engine::open(options_, clock_, tasks_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "StateDirectoryInUse");
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(::getpid())));
}

TEST_F(EngineTest, ForeignAndDamagedDatabasesAreRefusedAndLeftAlone) {
  open();
  end_of(start(make(kTask)));
  engine_.reset();
  std::ifstream in(database(), std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  const auto refuse = [&](std::string bytes, const std::string& code) {
    std::ofstream(database(), std::ios::binary) << bytes;
    const auto opened = Engine::open(options_, clock_, tasks_);
    ASSERT_FALSE(opened) << code;
    EXPECT_EQ(opened.error().code, code);
    std::ifstream again(database(), std::ios::binary);
    EXPECT_EQ(std::string((std::istreambuf_iterator<char>(again)), {}), bytes) << "it must not be written to";
  };
  refuse("not a database at all, but long enough to be one " + std::string(200, 'x'), "DatabaseCorrupted");
  std::string other = good;
  other[68] = 'X';
  refuse(other, "DatabaseCorrupted");
  std::string newer = good;
  newer[63] = 99;
  refuse(newer, "DatabaseTooNew");
  std::string torn = good;
  for (std::size_t i = 4096; i < torn.size(); ++i) torn[i] = static_cast<char>(i * 7);
  refuse(torn, "DatabaseCorrupted");
}

TEST_F(EngineTest, APassLoopEndsAtTheHistoryLimitAndStarvesNobody) {
  open();
  const auto loop = make(kLoop, "loop");
  const auto other = make(kTask, "other");
  std::vector<std::string> loops;
  for (int i = 0; i < 4; ++i) loops.push_back(start(loop, "loop-" + std::to_string(i)));
  end_of(start(other));
  EXPECT_FALSE(engine_->describe_execution(loops.back())->ended)
      << "the others must not have to wait for the loops";
  const auto ended = end_of(loops.back());
  EXPECT_EQ(ended.status, ExecutionStatus::failed);
  EXPECT_THAT(*ended.cause, HasSubstr("25000"));
  EXPECT_EQ(engine_->history({loops.back(), 1, true, ""})->items.at(0).id, limits::kHistoryEvents);
}

TEST_F(EngineTest, ObserversSeeEveryEventAfterItsCommit) {
  open();
  std::vector<std::string> seen;
  auto subscription = engine_->subscribe([&](const Appended& appended) {
    for (const auto& event : appended.events) seen.emplace_back(to_string(event.type));
  });
  const auto arn = start(make(kTask));
  end_of(arn);
  subscription = Subscription();
  EXPECT_EQ(seen, types(arn));
}

TEST_F(EngineTest, KeepsOnlyAsManyEndedExecutionsAsItIsTold) {
  options_.retention.emplace().executions = 1;  // and as many again that nobody has taken note of
  open();
  const auto machine = make(R"({"A": {"Type": "Succeed"}})");
  for (int i = 0; i < 5; ++i) end_of(start(machine, std::to_string(i)));
  start(make(kLongWait, "running"), "stays");

  open();
  engine_->delete_state_machine("arn:none");  // after any transaction old ones go
  EXPECT_TRUE(becomes([&] { return names() == std::vector<std::string>{"stays", "4", "3"}; }));
}

TEST_F(EngineTest, PrunesWhileNothingElseHappens) {
  use_clock<SystemClock>(6'000);  // ten minutes pass in a tenth of a second
  options_.retention.emplace().executions = 0;
  open();
  const auto arn = start(make(R"({"A": {"Type": "Succeed"}})"));
  end_of(arn);
  ASSERT_TRUE(engine_->note({arn}));
  EXPECT_TRUE(becomes([&] { return names().empty(); }));
}

TEST_F(EngineTest, HowLongExecutionsStayIsTheDirectorys) {
  options_.retention.emplace().executions = 7;
  open();
  options_.retention.reset();
  EXPECT_EQ(open().options().retention->executions, 7U);
}

TEST_F(EngineTest, MakesNoMoreStateMachinesThanThereMayBe) {
  open();
  const auto first = make(R"({"A": {"Type": "Succeed"}})");
  SQLite::Database(database().string(), SQLite::OPEN_READWRITE, 10'000)
      .exec(
          "INSERT INTO state_machine SELECT arn || value, name || value, definition, role_arn, revision_id, "
          "extras, created, updated FROM state_machine, (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL "
          "SELECT "
          "value + 1 FROM n LIMIT 9999) SELECT value FROM n)");
  const auto another = [&] {
    return engine_->create_state_machine(
        "another", R"({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}})",
        "");
  };
  ASSERT_FALSE(another());
  EXPECT_EQ(another().error().code, "StateMachineLimitExceeded");
  ASSERT_TRUE(engine_->delete_state_machine(first));
  EXPECT_TRUE(another());
}

TEST_F(EngineTest, ExportsOneExecutionAsJson) {
  open();
  const auto arn = start(make(kTask), "run", R"({"in":1})");
  end_of(arn);
  const auto exported = export_execution(*engine_, arn);
  ASSERT_TRUE(exported);
  EXPECT_EQ(exported->at("execution").at("input").as_string(), R"({"in":1})");
  EXPECT_EQ(exported->at("definition").at("StartAt").as_string(), "A");
  EXPECT_EQ(exported->at("events").as_array().size(), 7U);
}

TEST_F(EngineTest, ATaskThatThrowsFailsAndNothingElse) {
  open();
  tasks_.body = [](const TaskRequest&) -> TaskResult { throw std::runtime_error("no such bulb \xff"); };
  const auto machine = make(kTask);
  const auto ended = end_of(start(machine, "one"));
  EXPECT_EQ(ended.error, "States.TaskFailed");
  EXPECT_EQ(ended.cause, "no such bulb \uFFFD");
  tasks_.body = [](const TaskRequest&) -> TaskResult { throw 7; };
  EXPECT_EQ(end_of(start(machine, "two")).error, "States.TaskFailed");
  tasks_.body = nullptr;
  EXPECT_EQ(end_of(start(machine, "three")).status, ExecutionStatus::succeeded);
}

TEST_F(EngineTest, AFastTaskDoesNotWaitForSlowOnes) {
  options_.workers = 256;
  open();
  auto gate = std::make_shared<Gate>();
  tasks_.body = [gate](const TaskRequest& request) -> TaskResult {
    if (request.arguments->value.at("FunctionName").as_string() == "slow") gate->pass();
    return make_payload(nullptr);
  };
  const auto machine = make(kChosenTask);
  std::vector<std::string> slow;
  for (int i = 0; i < 100; ++i) slow.push_back(start(machine, "slow-" + std::to_string(i), kSlow));
  EXPECT_EQ(end_of(start(machine, "fast", kFast)).status, ExecutionStatus::succeeded);
  EXPECT_FALSE(engine_->describe_execution(slow.front())->ended);
  gate->open();
  end_of(slow.back());
}

TEST_F(EngineTest, AMapsIterationsAreAllUnderWayAtOnce) {
  options_.workers = Options().workers;
  open();
  auto all = std::make_shared<std::latch>(40);
  tasks_.body = [all](const TaskRequest&) -> TaskResult {
    all->arrive_and_wait();
    return make_payload(nullptr);
  };
  const auto machine = make(
      R"({"A": {"Type": "Map", "Items": "{% [1..40] %}", "End": true, "ItemProcessor": {"StartAt": "T", "States": {
        "T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "f"}, "End": true}}}}})");
  EXPECT_EQ(end_of(start(machine)).status, ExecutionStatus::succeeded);
}

TEST_F(EngineTest, ATaskStartsAndItsTimeRunsWhenItIsTakenUp) {
  auto& fast = use_clock<SystemClock>(1'000);
  options_.workers = 1;
  open();
  auto gate = std::make_shared<Gate>();
  tasks_.body = [gate](const TaskRequest& request) -> TaskResult {
    if (request.arguments->value.at("FunctionName").as_string() == "slow") gate->pass();
    return make_payload(nullptr);
  };
  const auto machine = make(kChosenTask);
  const auto first = start(machine, "first", kSlow);
  EXPECT_TRUE(becomes([&] { return types(first).back() == "TaskStarted"; })) << "not only when it ends";
  const auto second = start(machine, "second", R"({"function": "fast", "seconds": 3})");
  EXPECT_TRUE(becomes([&] { return types(second).back() == "TaskScheduled"; }));
  const auto later = fast.now() + std::chrono::minutes{5};
  EXPECT_TRUE(becomes([&] { return fast.now() > later; }));
  EXPECT_THAT(types(second), ElementsAre("ExecutionStarted", "TaskStateEntered", "TaskScheduled"));
  gate->open();
  EXPECT_EQ(end_of(second).status, ExecutionStatus::succeeded) << "its three seconds begin when it does";
  EXPECT_THAT(types(second),
              ElementsAre("ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted",
                          "TaskSucceeded", "TaskStateExited", "ExecutionSucceeded"));
}

TEST_F(EngineTest, ATaskThatHasTimedOutHoldsNoPlace) {
  use_clock<SystemClock>(100);
  options_.workers = 1;
  open();
  auto gate = std::make_shared<Gate>();
  tasks_.body = [gate](const TaskRequest& request) -> TaskResult {
    if (request.arguments->value.at("FunctionName").as_string() == "slow") gate->pass();
    return make_payload(nullptr);
  };
  const auto machine = make(kChosenTask);
  EXPECT_EQ(end_of(start(machine, "hangs", R"({"function": "slow", "seconds": 1})")).error, "States.Timeout");
  EXPECT_EQ(end_of(start(machine, "next", kFast)).status, ExecutionStatus::succeeded);
  gate->open();
}

TEST_F(EngineTest, ClosingDoesNotWaitForATaskThatHangs) {
  options_.patience = 10ms;
  open();
  auto gate = std::make_shared<Gate>();
  auto done = std::make_shared<std::promise<void>>();
  std::promise<void> begun;
  tasks_.body = [gate, done, &begun](const TaskRequest&) -> TaskResult {
    begun.set_value();
    gate->pass();
    done->set_value();
    return make_payload(nullptr);
  };
  const auto arn = start(make(kTask));
  begun.get_future().wait();
  EXPECT_EQ(engine_->close(), 1U);
  engine_.reset();
  gate->open();
  done->get_future().wait();
  tasks_.body = nullptr;
  open();
  ASSERT_TRUE(engine_->resume());
  EXPECT_EQ(end_of(arn).status, ExecutionStatus::succeeded) << "it is run again";
}

TEST_F(EngineTest, OthersRunWhileALongExpressionIsEvaluated) {
  open();
  std::string many = R"("{% $sum([1..300000].($*2)) %}")";
  for (int i = 0; i < 4; ++i) many += "," + many;
  const auto machine = make(R"({"A": {"Type": "Pass", "Output": [)" + many + R"(], "End": true}})", "long");
  const auto others = make(R"({"A": {"Type": "Pass", "Output": "{% 6 * 7 %}", "End": true}})", "short");
  const auto arn = start(machine);
  EXPECT_EQ(end_of(start(others)).output, "42");
  EXPECT_THAT(types(arn), ElementsAre("ExecutionStarted", "PassStateEntered"))
      << "it is still at its expressions";
  EXPECT_EQ(end_of(arn).status, ExecutionStatus::succeeded);
}

TEST_F(EngineTest, ALoopOfExpressionsIsCommittedAsItGoesAndCanBeStopped) {
  open();
  const auto arn =
      start(make(R"({"A": {"Type": "Pass", "Assign": {"n": "{% $sum([1..20000].($*2)) %}"}, "Next": "B"},
               "B": {"Type": "Choice", "Choices": [{"Condition": "{% $n < $random() %}", "Next": "C"}], "Default": "A"},
               "C": {"Type": "Succeed"}})"));
  EXPECT_TRUE(becomes([&] { return types(arn).size() > 20; }));
  ASSERT_TRUE(engine_->stop_execution(arn, "Enough", "by hand"));
  EXPECT_EQ(end_of(arn).status, ExecutionStatus::aborted);
  const auto last = engine_->history({arn, 1, true, ""});
  EXPECT_EQ(last->items.at(0).type, EventType::execution_aborted);
}

TEST_F(EngineTest, SettingTheClockChangesNoDuration) {
  auto& clock = use_clock<SettableClock>(100);
  open();
  const auto hour = start(make(R"({"A": {"Type": "Wait", "Seconds": 100000, "End": true}})", "hour"));
  const auto short_wait = make(R"({"A": {"Type": "Wait", "Seconds": 10, "End": true}})", "short");
  clock.set_by(std::chrono::hours{48});
  EXPECT_EQ(end_of(start(short_wait, "forward")).status, ExecutionStatus::succeeded);
  EXPECT_FALSE(engine_->describe_execution(hour)->ended) << "a day more or less on the wall is no day passed";
  const auto across = start(short_wait, "across");
  clock.set_by(-std::chrono::hours{96});
  EXPECT_EQ(end_of(across).status, ExecutionStatus::succeeded) << "set back, it would wait for four days";
  EXPECT_FALSE(engine_->describe_execution(hour)->ended);
  clock.set_by(std::chrono::hours{72});
  end_of(start(short_wait, "again"));
  open();
  ASSERT_TRUE(engine_->resume());
  end_of(start(short_wait, "after"));
  EXPECT_FALSE(engine_->describe_execution(hour)->ended) << "the restart remembers how far the clock was set";
  ASSERT_TRUE(engine_->stop_execution(hour, "", ""));
}

TEST_F(EngineTest, AWaitForAMomentEndsWhenTheClockIsSetToIt) {
  auto& clock = use_clock<SettableClock>(1);
  open();
  const auto machine = make(R"({"A": {"Type": "Wait", "Timestamp": "{% $states.input.at %}", "End": true}})");
  const auto at = format_time(clock.now() + std::chrono::hours{30});
  const auto arn = start(machine, "run", R"({"at": ")" + at + R"("})");
  clock.set_by(std::chrono::hours{29});
  clock.set_by(std::chrono::hours{2});
  EXPECT_EQ(end_of(arn).status, ExecutionStatus::succeeded);
}

TEST_F(EngineTest, ATasksTimeIsNotUpBecauseTheClockWasSet) {
  auto& clock = use_clock<SettableClock>(1);
  open();
  auto gate = std::make_shared<Gate>();
  tasks_.body = [gate](const TaskRequest&) -> TaskResult {
    gate->pass();
    return make_payload(nullptr);
  };
  const auto arn = start(make(kChosenTask), "run", R"({"function": "f", "seconds": 600})");
  EXPECT_TRUE(becomes([&] { return types(arn).back() == "TaskStarted"; }));
  clock.set_by(std::chrono::hours{24});
  end_of(start(make(kWait, "wait"), "other"));  // by then the driver has seen it
  gate->open();
  EXPECT_EQ(end_of(arn).status, ExecutionStatus::succeeded);
}

}  // namespace
}  // namespace lamplighter::engine
