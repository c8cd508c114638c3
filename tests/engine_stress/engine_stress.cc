// The engine from many threads at once: executions are started, watched, listed and stopped while tasks end,
// throw, time out and hang, expressions are evaluated and the engine is closed and opened again. For the tsan
// preset, which finds what two threads touch; also says where an execution is lost.
//
//   engine_stress [--runs N]
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/random.h"
#include "engine/runtime/engine.h"
#include "tests/support/proof_length.h"

namespace lamplighter::engine {
namespace {

constexpr int kClients = 8;
constexpr int kStartsEach = 25;

struct Machine {
  const char* name;
  const char* definition;
};

constexpr std::array<Machine, 4> kMachines{{
    {"pass", R"({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}})"},
    {"task",
     R"({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Task", "TimeoutSeconds": 1,
      "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "f"}, "Output": "{% $states.result.n %}",
      "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}], "End": true}, "B": {"Type": "Pass", "End": true}}})"},
    {"map",
     R"({"StartAt": "A", "States": {"A": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "T", "States": {
      "T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "TimeoutSeconds": 1,
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "W"}], "Next": "W"},
      "W": {"Type": "Wait", "Seconds": 1, "End": true}}}}}})"},
    {"loop", R"({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
      "A": {"Type": "Pass", "Assign": {"n": "{% $exists($n) ? $n + $count([1..500]) : 0 %}"}, "Next": "B"},
      "B": {"Type": "Choice", "Choices": [{"Condition": "{% $n > 20000 %}", "Next": "C"}], "Default": "A"},
      "C": {"Type": "Succeed"}}})"},
}};

/// Ends, fails, throws, or takes longer than it may.
class Moody final : public TaskRunner {
 public:
  TaskResult run(const TaskRequest&) override {
    const auto mood = count_++ % 10;
    if (mood == 0) throw std::runtime_error("moody");
    if (mood == 1) return tl::unexpected(TaskFailure{"Bad", "mood"});
    std::this_thread::sleep_for(std::chrono::milliseconds(mood == 2 ? 30 : mood));
    return make_payload(json::object{{"n", mood}});
  }

 private:
  std::atomic<std::uint64_t> count_ = 0;
};

/// One round's state directory.
class Scratch {
 public:
  Scratch() : path_(std::filesystem::temp_directory_path() / fmt::format("engine-stress-{}", ::getpid())) {
    std::filesystem::remove_all(path_);
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

template <class T>
T must(Result<T> result) {
  if (result) return *std::move(result);
  fmt::print(stderr, "engine_stress: {}: {}\n", result.error().code, result.error().message);
  std::exit(EXIT_FAILURE);
}

void be_a_client(Engine& engine, int client) {
  Random random(static_cast<std::uint64_t>(client));
  for (int i = 0; i < kStartsEach; ++i) {
    const auto& machine = kMachines[random.below(kMachines.size())];
    const auto arn = fmt::format("arn:aws:states:us-east-1:123456789012:stateMachine:{}", machine.name);
    const auto started = must(engine.start_execution(arn, fmt::format("c{}-{}", client, i), "[1,2,3]"));
    if (random.chance(0.3)) must(engine.stop_execution(started.arn, "Enough", ""));
    if (random.chance(0.3)) must(engine.list_executions({arn, ExecutionStatus::running, 10, ""}));
    if (random.chance(0.3)) must(engine.history({started.arn, 100, random.chance(0.5), ""}));
  }
}

std::size_t run_round(const Scratch& scratch, Clock& clock, TaskRunner& runner) {
  Options options;
  options.state_dir = scratch.path();
  options.workers = 8;
  {
    const auto engine = must(Engine::open(options, clock, runner));
    std::atomic<std::size_t> seen = 0;
    const auto subscription =
        engine->subscribe([&](const Appended& appended) { seen += appended.events.size(); });
    for (const auto& machine : kMachines)
      must(engine->create_state_machine(machine.name, machine.definition, "role"));
    std::vector<std::thread> clients;
    for (int i = 0; i < kClients; ++i) clients.emplace_back([&, i] { be_a_client(*engine, i); });
    for (auto& client : clients) client.join();
  }
  const auto engine = must(Engine::open(options, clock, runner));
  for (const auto& arn : must(engine->resume())) {
    if (must(engine->wait_for_end(arn, std::chrono::minutes{2})).ended) continue;
    fmt::print(stderr, "engine_stress: {} does not end\n", arn);
    std::exit(EXIT_FAILURE);
  }
  return must(engine->list_executions({"", {}, 1'000, ""})).items.size();
}

}  // namespace
}  // namespace lamplighter::engine

int main(int argc, char** argv) {
  using namespace lamplighter;
  const bool told = argc == 3 && std::strcmp(argv[1], "--runs") == 0;
  const int rounds = static_cast<int>(proof_length(told ? std::strtoull(argv[2], nullptr, 10) : 1));
  SystemClock clock(100);
  engine::Moody runner;
  std::size_t executions = 0;
  for (int round = 0; round < rounds; ++round) {
    const engine::Scratch scratch;
    executions += engine::run_round(scratch, clock, runner);
  }
  fmt::print("{} rounds, {} executions, each of them ended\n", rounds, executions);
  return executions == static_cast<std::size_t>(rounds) * engine::kClients * engine::kStartsEach
             ? EXIT_SUCCESS
             : EXIT_FAILURE;
}
