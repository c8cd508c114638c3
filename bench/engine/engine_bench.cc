// Measures the engine; prints a table for docs/benchmarks.md. `run` beside it also measures the peer.
//
//   engine_bench [--quick] [memory | durable | waiting | timers | expression | retention | starts | large …]
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include "asl/parse.h"
#include "base/limits.h"
#include "engine/core/execution.h"
#include "engine/runtime/engine.h"

namespace lamplighter::engine {
namespace {

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void row(const std::string& what, const std::string& value) { fmt::print("| {} | {} |\n", what, value); }

/// Ends the program: a benchmark that could not do its work has no numbers.
template <class T>
T must(Result<T> result) {
  if (result) return *std::move(result);
  fmt::print(stderr, "engine_bench: {}: {}\n", result.error().code, result.error().message);
  std::exit(1);
}

std::string chain(int length, const std::string& state) {
  std::string states;
  for (int i = 0; i < length; ++i) {
    const auto go = i + 1 < length ? fmt::format("\"Next\": \"S{}\"", i + 1) : std::string("\"End\": true");
    states += fmt::format("{}\"S{}\": {{{}, {}}}", i == 0 ? "" : ", ", i, state, go);
  }
  return fmt::format(R"({{"StartAt": "S0", "States": {{{}}}}})", states);
}

/// Answers at once, once the gate is open.
class Instant final : public TaskRunner {
 public:
  TaskResult run(const TaskRequest&) override {
    if (open_.load(std::memory_order_acquire)) return make_payload(json::object{});
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_.load(); });
    return make_payload(json::object{});
  }
  void open() {
    {
      const std::lock_guard lock(mutex_);
      open_ = true;
    }
    changed_.notify_all();
  }

 private:
  std::atomic<bool> open_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
};

class Scratch {
 public:
  Scratch() : path_(std::filesystem::temp_directory_path() / fmt::format("engine-bench-{}", ::getpid())) {
    std::filesystem::remove_all(path_);
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::unique_ptr<Engine> open_engine(const Scratch& scratch, Clock& clock, TaskRunner& runner,
                                    std::size_t kept = 1'000'000) {
  Options options;
  options.state_dir = scratch.path();
  options.workers = 4;
  options.retention.emplace().executions = kept;
  return must(Engine::open(options, clock, runner));
}

/// Starts executions from many clients at once.
void start_many(Engine& engine, const std::string& machine, std::size_t count,
                const std::string& input = "{}", const std::string& name = "run") {
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 64; ++i) {
    clients.emplace_back([&] {
      for (auto n = next++; n < count; n = next++)
        must(engine.start_execution(machine, fmt::format("{}-{}", name, n), input));
    });
  }
  for (auto& client : clients) client.join();
}

void run_in_memory(const std::shared_ptr<const asl::StateMachine>& definition) {
  ExecutionCore core(definition, {"arn", "name", "arn", "machine", "role", "us-east-1", 1});
  Step step = core.start(make_payload(json::object{{"a", 1}}), Time{});
  while (step.more) step = core.proceed(Time{});
}

/// The best of several rounds: what the machine's other work does to one is not the engine's doing.
double best_seconds(int rounds, const std::function<void()>& work) {
  double best = seconds_of(work);
  for (int i = 1; i < rounds; ++i) best = std::min(best, seconds_of(work));
  return best;
}

void measure_memory(int rounds) {
  constexpr int kChains = 5;
  constexpr int kExecutions = 2'000;
  const auto long_chain = asl::parse(chain(1'000, R"("Type": "Pass")")).definition;
  const double chain_seconds = best_seconds(rounds, [&] {
    for (int i = 0; i < kChains; ++i) run_in_memory(long_chain);
  });
  row("in memory: transitions a second, a chain of 1,000 Pass states",
      fmt::format("{:.0f}", 1'000 * kChains / chain_seconds));
  const auto one = asl::parse(chain(1, R"("Type": "Pass")")).definition;
  const double one_seconds = best_seconds(rounds, [&] {
    for (int i = 0; i < kExecutions; ++i) run_in_memory(one);
  });
  row("in memory: executions a second, one Pass state", fmt::format("{:.0f}", kExecutions / one_seconds));
}

void measure_durable(std::size_t executions, int tasks) {
  const Scratch scratch;
  SystemClock clock;
  Instant runner;
  auto engine = open_engine(scratch, clock, runner);
  const auto machine = must(engine->create_state_machine(
      "bench",
      chain(tasks, R"("Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f")"),
      "role"));
  std::atomic<std::size_t> events = 0;
  std::atomic<std::size_t> ended = 0;
  std::mutex mutex;
  std::condition_variable changed;
  const auto subscription = engine->subscribe([&](const Appended& appended) {
    events += appended.events.size();
    if (appended.events.back().type != EventType::execution_succeeded || ++ended < executions) return;
    const std::lock_guard lock(mutex);
    changed.notify_all();
  });
  start_many(*engine, machine.arn, executions);
  const std::size_t before = events;
  const double seconds = seconds_of([&] {
    runner.open();
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return ended >= executions; });
  });
  row(fmt::format("durable (synchronous=FULL): events a second, {} executions of {} tasks at once",
                  executions, tasks),
      fmt::format("{:.0f}", static_cast<double>(events - before) / seconds));
}

std::size_t resident_bytes() {
  ::malloc_trim(0);
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void measure_waiting(std::size_t count) {
  const Scratch scratch;
  SystemClock clock;
  Instant runner;
  {
    auto engine = open_engine(scratch, clock, runner);
    const auto machine =
        must(engine->create_state_machine("wait", chain(1, R"("Type": "Wait", "Seconds": 86400)"), "role"));
    const auto before = resident_bytes();
    const double seconds = seconds_of([&] { start_many(*engine, machine.arn, count); });
    const auto after = resident_bytes();
    row(fmt::format("{} executions in a Wait state: started a second", count),
        fmt::format("{:.0f}", static_cast<double>(count) / seconds));
    row(fmt::format("{} executions in a Wait state: bytes of memory each", count),
        fmt::format("{:.0f}",
                    static_cast<double>(after - std::min(before, after)) / static_cast<double>(count)));
  }
  std::unique_ptr<Engine> engine;
  const double open_seconds = seconds_of([&] { engine = open_engine(scratch, clock, runner); });
  std::size_t resumed = 0;
  const double resume_seconds = seconds_of([&] { resumed = must(engine->resume()).size(); });
  row(fmt::format("{} executions after a restart: open and check the database, then resume", resumed),
      fmt::format("{:.2f} s + {:.2f} s", open_seconds, resume_seconds));
}

void measure_timers(std::size_t count) {
  const Scratch scratch;
  SystemClock clock;
  Instant runner;
  auto engine = open_engine(scratch, clock, runner);
  const auto machine = must(engine->create_state_machine(
      "timers",
      R"({"QueryLanguage": "JSONata", "StartAt": "W", "States": {"W": {"Type": "Wait", "Timestamp": "{% $states.input.at %}", "End": true}}})",
      "role"));
  std::vector<double> late;
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, Time, std::less<>> due;
  const Time first = clock.now() + std::chrono::seconds{3};
  const auto subscription = engine->subscribe([&](const Appended& appended) {
    if (appended.events.back().type != EventType::execution_succeeded) return;
    const auto now =
        std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    const std::lock_guard lock(mutex);
    const auto found = due.find(appended.execution_arn);
    if (found == due.end()) return;
    late.push_back(std::chrono::duration<double, std::milli>(now - found->second).count());
    changed.notify_all();
  });
  for (std::size_t i = 0; i < count; ++i) {
    const Time at = first + Duration{static_cast<std::int64_t>(i * 5)};
    const auto started = must(engine->start_execution(machine.arn, fmt::format("t{}", i),
                                                      fmt::format(R"({{"at":"{}"}})", format_time(at))));
    const std::lock_guard lock(mutex);
    due[started.arn] = at;
  }
  std::unique_lock lock(mutex);
  changed.wait_for(lock, std::chrono::seconds{60}, [&] { return late.size() == count; });
  std::sort(late.begin(), late.end());
  const auto at = [&](double part) {
    return late.empty() ? 0.0 : late[static_cast<std::size_t>(part * static_cast<double>(late.size() - 1))];
  };
  row(fmt::format("from a timer's due moment to its committed event, {} timers: p50, p99", late.size()),
      fmt::format("{:.1f} ms, {:.1f} ms", at(0.5), at(0.99)));
}

/// How long others' StartExecution takes while an execution loops over an expression that takes long.
void measure_long_expression(std::size_t count) {
  const Scratch scratch;
  SystemClock clock;
  Instant runner;
  auto engine = open_engine(scratch, clock, runner);
  const auto loop = must(engine->create_state_machine(
      "loop",
      R"({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"n": "{% $sum([1..400000].($*2)) %}"}, "Next": "B"},
          "B": {"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "C"}], "Default": "A"}, "C": {"Type": "Succeed"}}})",
      "role"));
  const auto other = must(engine->create_state_machine("other", chain(1, R"("Type": "Pass")"), "role"));
  must(engine->start_execution(loop.arn, "loop", "{}"));
  std::vector<double> late;
  for (std::size_t i = 0; i < count; ++i) {
    late.push_back(seconds_of([&] { must(engine->start_execution(other.arn, "", "{}")); }) * 1'000);
  }
  std::sort(late.begin(), late.end());
  row(fmt::format("StartExecution while another loops over $sum([1..400000].($*2)), {} times: p50, worst",
                  count),
      fmt::format("{:.1f} ms, {:.1f} ms", late[late.size() / 2], late.back()));
}

/// The most memory that the process has had since the last call.
std::size_t peak_bytes() {
  std::ifstream status("/proc/self/status");
  std::size_t kilobytes = 0;
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") status >> kilobytes;
  }
  std::ofstream("/proc/self/clear_refs") << "5";
  return kilobytes * 1024;
}

std::size_t disk_bytes(const Scratch& scratch) {
  std::size_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path())) bytes += entry.file_size();
  return bytes;
}

double megabytes(std::size_t bytes) { return static_cast<double>(bytes) / 1e6; }

/// What ended executions in the store cost a new one, at the number from which on the oldest go.
void measure_retention(std::size_t count) {
  constexpr std::size_t kKept = 10'000;
  for (const std::size_t before : {std::size_t{0}, kKept}) {
    const Scratch scratch;
    SystemClock clock;
    Instant runner;
    auto engine = open_engine(scratch, clock, runner, kKept);
    const auto machine = must(engine->create_state_machine("pass", chain(1, R"("Type": "Pass")"), "role"));
    start_many(*engine, machine.arn, before, "{}", "old");
    const double seconds = seconds_of([&] { start_many(*engine, machine.arn, count); });
    row(fmt::format("with {} ended executions in the store: started (and ended) a second, {} of them", before,
                    count),
        fmt::format("{:.0f}", static_cast<double>(count) / seconds));
  }
}

/// While `work` goes on, how long another client's StartExecution takes, in milliseconds: p50 and worst.
std::string delay_of_others(Engine& engine, const std::function<void()>& work) {
  const auto other =
      must(engine.create_state_machine("other", chain(1, R"("Type": "Wait", "Seconds": 86400)"), "role"));
  std::atomic<bool> done = false;
  std::vector<double> delays;
  std::thread client([&] {
    for (int i = 0; !done; ++i) {
      delays.push_back(1'000 * seconds_of([&] {
                         must(engine.start_execution(other.arn, fmt::format("other-{}", i), "{}"));
                       }));
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
  });
  work();
  done = true;
  client.join();
  std::sort(delays.begin(), delays.end());
  return fmt::format("{:.0f} ms, {:.0f} ms", delays[delays.size() / 2], delays.back());
}

void measure_large_loop() {
  const Scratch scratch;
  SystemClock clock;
  Instant runner;
  auto engine = open_engine(scratch, clock, runner);
  const auto machine = must(
      engine->create_state_machine("loop", R"({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {
      "Type": "Pass", "Next": "B"}, "B": {"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "C"}],
      "Default": "A"}, "C": {"Type": "Succeed"}}})",
                                   "role"));
  const std::string input = "\"" + std::string(limits::kPayloadBytes - 2, 'x') + "\"";
  peak_bytes();
  double seconds = 0;
  const auto delays = delay_of_others(*engine, [&] {
    seconds = seconds_of([&] {
      const auto arn = must(engine->start_execution(machine.arn, "large", input)).arn;
      while (!must(engine->wait_for_end(arn, std::chrono::seconds{10})).ended) continue;
    });
  });
  const auto peak = peak_bytes();
  row("a loop over 262,144 bytes to its 25,000 events: seconds, disk, memory",
      fmt::format("{:.1f} s, {:.0f} MB, {:.0f} MB", seconds, megabytes(disk_bytes(scratch)),
                  megabytes(peak)));
  row("meanwhile another StartExecution: p50, worst", delays);
  const auto half = must(engine->start_execution(machine.arn, "half", input)).arn;
  while (must(engine->history({half, 1, true, ""})).items.front().id < 15'000) {
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  engine.reset();
  peak_bytes();
  const double resume_seconds = seconds_of([&] {
    engine = open_engine(scratch, clock, runner);
    must(engine->resume());
    must(engine->create_state_machine("next", chain(1, R"("Type": "Pass")"), "role"));
  });
  const double served_seconds = seconds_of(
      [&] { must(engine->create_state_machine("another", chain(1, R"("Type": "Pass")"), "role")); });
  row("its next start, at 15,000 events: opened, then the next request; memory",
      fmt::format("{:.2f} s, {:.2f} s, {:.0f} MB", resume_seconds, served_seconds, megabytes(peak_bytes())));
}

void measure_many_starts(std::size_t count) {
  const Scratch scratch;
  SystemClock clock;
  Instant runner;
  auto engine = open_engine(scratch, clock, runner);
  const auto machine =
      must(engine->create_state_machine("wait", chain(1, R"("Type": "Wait", "Seconds": 86400)"), "role"));
  peak_bytes();
  const std::string input = "\"" + std::string(100'000, 'x') + "\"";
  const auto delays = delay_of_others(*engine, [&] { start_many(*engine, machine.arn, count, input); });
  row(fmt::format("{} StartExecutions of 100,000 bytes at once: another's, p50, worst; memory", count),
      fmt::format("{}; {:.0f} MB", delays, megabytes(peak_bytes())));
}

}  // namespace
}  // namespace lamplighter::engine

int main(int argc, char** argv) {
  using namespace lamplighter::engine;
  const std::vector<std::string> asked(argv + 1, argv + argc);
  const bool quick = std::find(asked.begin(), asked.end(), "--quick") != asked.end();
  const std::vector<std::pair<std::string, std::function<void()>>> parts{
      {"memory", [&] { measure_memory(quick ? 3 : 80); }},
      {"durable",
       [&] {
         measure_durable(1, quick ? 50 : 400);
         measure_durable(50, quick ? 20 : 100);
         measure_durable(1'000, quick ? 5 : 40);
       }},
      {"waiting", [&] { measure_waiting(quick ? 2'000 : 100'000); }},
      {"timers", [&] { measure_timers(quick ? 100 : 600); }},
      {"expression", [&] { measure_long_expression(100); }},
      {"retention", [&] { measure_retention(quick ? 2'000 : 20'000); }},
      {"starts", [&] { measure_many_starts(quick ? 500 : 10'000); }},
      {"large", [] { measure_large_loop(); }},
  };
  row("measured", "result");
  row("---", "---");
  const bool all = asked.size() == (quick ? 1U : 0U);
  for (const auto& [name, measure] : parts) {
    if (all || std::find(asked.begin(), asked.end(), name) != asked.end()) measure();
  }
}
