// The embedded engine through its facade: real driver, real database.
#include "engine/runtime/engine.h"

#include <atomic>
#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lamplighter::engine {
namespace {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Answers {"n": <how many tasks before>}, or does what the test says.
class Tasks final : public TaskRunner {
 public:
  TaskResult run(const TaskRequest& request) override {
    const int n = count++;
    if (body) return body(request);
    return make_payload(json::object{{"n", n}});
  }
  std::atomic<int> count{0};
  std::function<TaskResult(const TaskRequest&)> body;
};

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() {
    options_.state_dir = std::filesystem::path(::testing::TempDir()) /
                         ("engine-" + std::to_string(::getpid()) + "-" +
                          ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(options_.state_dir);
    options_.workers = 2;
  }
  ~EngineTest() override {
    engine_.reset();
    std::filesystem::remove_all(options_.state_dir);
  }

  Engine& open() {
    engine_.reset();
    auto opened = Engine::open(options_, clock_, tasks_);
    EXPECT_TRUE(opened) << opened.error().message;
    engine_ = *std::move(opened);
    return *engine_;
  }

  std::string make(const std::string& states, const std::string& name = "machine") {
    const auto made = engine_->create_state_machine(
        name, R"({"QueryLanguage": "JSONata", "StartAt": "A", "States": )" + states + "}",
        "arn:aws:iam::1:role/r");
    EXPECT_TRUE(made) << made.error().message;
    return made ? made->arn : "";
  }

  std::string start(const std::string& machine, const std::string& name = "run",
                    const std::string& input = "{}") {
    const auto started = engine_->start_execution(machine, name, input);
    EXPECT_TRUE(started) << started.error().message;
    return started ? started->arn : "";
  }

  Execution end_of(const std::string& arn) {
    const auto ended = engine_->wait_for_end(arn, 20s);
    EXPECT_TRUE(ended) << ended.error().message;
    EXPECT_TRUE(ended->ended) << "still running";
    return *ended;
  }

  std::vector<std::string> types(const std::string& arn) {
    std::vector<std::string> out;
    const auto page = engine_->history({arn, 1000, false, ""});
    for (const auto& event : page->items) out.push_back(event.type);
    return out;
  }

  std::filesystem::path database() const { return options_.state_dir / "engine.db"; }

  Options options_;
  SystemClock clock_;
  Tasks tasks_;
  std::unique_ptr<Engine> engine_;
};

constexpr const char* kTask =
    R"({"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "f"}, "End": true}})";
constexpr const char* kWait =
    R"({"A": {"Type": "Wait", "Seconds": 1, "Next": "B"}, "B": {"Type": "Pass", "End": true}})";
constexpr const char* kLongWait = R"({"A": {"Type": "Wait", "Seconds": 3600, "End": true}})";

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
  ASSERT_TRUE(engine_->update_state_machine(arn, changed, std::nullopt, std::nullopt));
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
  const auto arn = engine_->list_executions({"", {}, 10, ""})->items.at(0).arn;
  ASSERT_TRUE(engine_->resume(arn));
  EXPECT_EQ(end_of(arn).output, R"({"n":0})");
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
  const auto loop = make(R"({"A": {"Type": "Pass", "Next": "A"}})", "loop");
  const auto other = make(kTask, "other");
  std::vector<std::string> loops;
  for (int i = 0; i < 4; ++i) loops.push_back(start(loop, "loop-" + std::to_string(i)));
  end_of(start(other));
  EXPECT_FALSE(engine_->describe_execution(loops.back())->ended)
      << "the others must not have to wait for the loops";
  const auto ended = end_of(loops.back());
  EXPECT_EQ(ended.status, ExecutionStatus::failed);
  EXPECT_THAT(*ended.cause, HasSubstr("25000"));
  EXPECT_EQ(engine_->history({loops.back(), 1, true, ""})->items.at(0).id, 25'000);
}

TEST_F(EngineTest, ObserversSeeEveryEventAfterItsCommit) {
  open();
  std::vector<std::string> seen;
  auto subscription = engine_->subscribe([&](const Appended& appended) {
    for (const auto& event : appended.events) seen.push_back(event.type);
  });
  const auto arn = start(make(kTask));
  end_of(arn);
  subscription = Subscription();
  EXPECT_EQ(seen, types(arn));
}

TEST_F(EngineTest, KeepsOnlyAsManyEndedExecutionsAsItIsTold) {
  options_.retention.executions = 2;
  open();
  const auto machine = make(R"({"A": {"Type": "Succeed"}})");
  for (int i = 0; i < 5; ++i) end_of(start(machine, std::to_string(i)));
  start(make(kLongWait, "running"), "stays");

  open();
  engine_->delete_state_machine("arn:none");  // any transaction tidies up
  const auto left = engine_->list_executions({"", {}, 10, ""});
  std::vector<std::string> names;
  for (const auto& execution : left->items) names.push_back(execution.name);
  EXPECT_THAT(names, ElementsAre("stays", "4", "3"));
}

TEST_F(EngineTest, ExportsOneExecutionAsJson) {
  open();
  const auto arn = start(make(kTask), "run", R"({"in":1})");
  end_of(arn);
  const auto exported = engine_->export_execution(arn);
  ASSERT_TRUE(exported);
  EXPECT_EQ(exported->at("execution").at("input").as_string(), R"({"in":1})");
  EXPECT_EQ(exported->at("definition").at("StartAt").as_string(), "A");
  EXPECT_EQ(exported->at("events").as_array().size(), 7U);
}

}  // namespace
}  // namespace lamplighter::engine
