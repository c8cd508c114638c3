// The embedded engine with real driver and database, for tests through its facade.
#pragma once

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/core/payload.h"
#include "engine/runtime/engine.h"

namespace lamplighter::engine {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;

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
    std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::replace(name.begin(), name.end(), '/', '-');
    options_.state_dir =
        std::filesystem::path(::testing::TempDir()) / ("engine-" + std::to_string(::getpid()) + "-" + name);
    std::filesystem::remove_all(options_.state_dir);
    options_.workers = 2;
  }
  ~EngineTest() override {
    engine_.reset();
    std::filesystem::remove_all(options_.state_dir);
  }

  Engine& open() {
    engine_.reset();
    auto opened = Engine::open(options_, own_clock_ ? *own_clock_ : clock_, tasks_);
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
    for (const auto& event : page->items) out.emplace_back(to_string(event.type));
    return out;
  }

  /// Another clock than the machine's, before open().
  template <class Kind>
  Kind& use_clock(double speed) {
    auto clock = std::make_unique<Kind>(speed);
    Kind& used = *clock;
    own_clock_ = std::move(clock);
    return used;
  }

  /// Polls; nothing here takes that long if all is well.
  template <class Condition>
  static bool becomes(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (!condition() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(1ms);
    return condition();
  }

  std::vector<std::string> names() {
    std::vector<std::string> out;
    const auto page = engine_->list_executions({"", {}, 1'000, ""});
    EXPECT_TRUE(page) << page.error().message;
    if (!page) return out;
    for (const auto& execution : page->items) out.push_back(execution.name);
    return out;
  }

  [[nodiscard]] std::filesystem::path database() const { return options_.state_dir / "engine.db"; }

  Options options_;
  SystemClock clock_;
  std::unique_ptr<Clock> own_clock_;
  Tasks tasks_;
  std::unique_ptr<Engine> engine_;
};

inline constexpr const char* kTask =
    R"({"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "f"}, "End": true}})";
inline constexpr const char* kWait =
    R"({"A": {"Type": "Wait", "Seconds": 1, "Next": "B"}, "B": {"Type": "Pass", "End": true}})";
/// Never ends, though it could: the service takes no machine without an end.
inline constexpr const char* kLoop =
    R"({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Choice",
      "Choices": [{"Condition": "{% false %}", "Next": "C"}], "Default": "A"}, "C": {"Type": "Succeed"}})";
inline constexpr const char* kLongWait = R"({"A": {"Type": "Wait", "Seconds": 3600, "End": true}})";

}  // namespace lamplighter::engine
