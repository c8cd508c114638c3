#include "tests/engine_simulation/random_machine.h"

#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace lamplighter::engine::proof {
namespace {

constexpr const char* kErrors[] = {"Flaky", "Broken", "Lambda.ServiceException", "States.TaskFailed"};

/// Expressions whose values a careless writer or reader would change.
constexpr const char* kOddValues[] = {
    "{% 90.57000000000001 %}",
    "{% 1e21 %}",
    "{% 123456789012345680000 %}",
    "{% 9007199254740993 %}",
    "{% 5e-324 * $random() * 1000000 %}",
    "{% -0 %}",
    "{% [1..130] ~> $reduce(function($deep, $i) { {'in': [$deep, $i / 7]} }) %}",
    "{% '\\u0001\\\"é😂\\n\\u2028' & $substring('😂', 0, 1) %}",
    "{% $states.input %}",
};

/// What tasks answer, with numbers as no writer of ours would write them.
constexpr const char* kOddAnswers[] = {"0.0", "[1.50,-0,1E2]",
                                       "{\"big\":123456789012345678901234567890,\"é\\u0000\":[[[]]]}",
                                       "18446744073709551615", "\"😂\""};

/// Nested deeper than most parsers like.
std::string deep(std::uint64_t depth) { return std::string(depth, '[') + "1.0" + std::string(depth, ']'); }

/// Writes one machine. State names are unique in it.
class Author {
 public:
  explicit Author(Random random) : random_(random) {}

  json::object states(int depth) {
    const int around = std::exchange(depth_, depth);
    const auto count = 1 + random_.below(4);
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i < count; ++i) names.push_back(fmt::format("S{}", ++names_));
    const std::string fallback = fmt::format("S{}", ++names_);
    json::object out;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string next = i + 1 < names.size() ? names[i + 1] : "";
      out[names[i]] = state(depth, next, fallback);
    }
    out[fallback] = {{"Type", "Pass"}, {"Output", {{"fell", "{% $states.input %}"}}}, {"End", true}};
    drop_unreachable(out, names.front());
    depth_ = around;
    return {{"StartAt", names.front()}, {"States", std::move(out)}};
  }

 private:
  /// A state that nothing leads to is an error.
  static void drop_unreachable(json::object& states, const std::string& start) {
    std::set<std::string> seen{start};
    std::vector<std::string> open{start};
    const auto follow = [&](const json::value& from, std::string_view key) {
      auto target = get_string(from, key);
      if (!target.empty() && seen.insert(target).second) open.push_back(std::move(target));
    };
    while (!open.empty()) {
      const json::value state = states.at(open.back());
      open.pop_back();
      for (const auto* key : {"Next", "Default"}) follow(state, key);
      for (const auto* key : {"Catch", "Choices"}) {
        const auto* entries = find(state, key);
        if (!entries) continue;
        for (const auto& entry : entries->as_array()) follow(entry, "Next");
      }
    }
    json::object kept;
    for (const auto& member : states) {
      if (seen.contains(std::string(member.key()))) kept.insert(member);
    }
    states = std::move(kept);
  }

  /// A variable of this level: inner states may not assign an outer one.
  [[nodiscard]] std::string own(std::string_view name) const { return fmt::format("{}{}", name, depth_); }

  json::object state(int depth, const std::string& next, const std::string& fallback) {
    switch (random_.below(depth > 0 ? 10 : 7)) {
      case 0:
        return pass(next);
      case 1:
        return wait(next);
      case 2:
        return choice(next, fallback);
      case 3:
        return random_.chance(0.3) ? last(fallback) : pass(next);
      case 7:
        return parallel(depth, next, fallback);
      case 8:
      case 9:
        return map(depth, next, fallback);
      default:
        return task(next, fallback);
    }
  }

  static void go(json::object& state, const std::string& next) {
    if (next.empty()) {
      state["End"] = true;
    } else {
      state["Next"] = next;
    }
  }

  json::object pass(const std::string& next) {
    json::object out{{"Type", "Pass"}};
    if (random_.chance(0.5))
      out["Assign"] = {{own("v"), "{% $states.context.State.Name %}"},
                       {own("n"), fmt::format("{{% $exists(${0}) ? ${0} + 1 : 1 %}}", own("n"))}};
    if (random_.chance(0.3))
      out["Output"] = {{"at", "{% $states.context.State.EnteredTime %}"}, {"r", "{% $random() %}"}};
    if (random_.chance(0.3)) out["Output"] = {{"odd", odd_value()}, {"half", 0.5}, {"tiny", 1e-7}};
    if (random_.chance(0.3)) out["Assign"] = {{own("f"), chaos()}, {own("odd"), odd_value()}};
    go(out, next);
    return out;
  }

  std::string odd_value() { return kOddValues[random_.below(std::size(kOddValues))]; }

  /// The logistic map: after a few rounds, the smallest difference decides.
  [[nodiscard]] std::string chaos() const {
    return fmt::format("{{% $exists(${0}) ? 3.99 * ${0} * (1 - ${0}) : $random() %}}", own("f"));
  }

  json::object wait(const std::string& next) {
    json::object out{{"Type", "Wait"}};
    if (random_.chance(0.3)) {
      out["Timestamp"] = random_.chance(0.5) ? "2001-09-09T01:46:40Z" : "2001-09-09T01:47:05Z";
    } else if (random_.chance(0.3)) {
      out["Seconds"] = fmt::format("{{% $exists(${0}) ? ${0} : 2 %}}", own("n"));
    } else {
      out["Seconds"] = random_.below(20);
    }
    go(out, next);
    return out;
  }

  json::object choice(const std::string& next, const std::string& fallback) {
    const std::string target = next.empty() ? fallback : next;
    const bool chaotic = random_.chance(0.5);
    const std::string chaos_is_small = fmt::format("{{% $exists(${0}) and ${0} < 0.5 %}}", own("f"));
    json::array rules{{{"Condition", chaotic ? chaos_is_small : "{% $random() < 0.3 %}"},
                       {"Next", fallback},
                       {"Assign", {{own("chosen"), true}, {own("f"), chaos()}}}}};
    json::object out{{"Type", "Choice"}, {"Choices", std::move(rules)}};
    if (random_.chance(0.95)) out["Default"] = target;
    return out;
  }

  json::object last(const std::string& fallback) {
    if (random_.chance(0.4)) return {{"Type", "Succeed"}, {"Output", "{% $states.input %}"}};
    if (random_.chance(0.5))
      return {{"Type", "Fail"},
              {"Error", "Broken"},
              {"Cause", "{% 'because of ' & $states.context.State.Name %}"}};
    return {{"Type", "Pass"}, {"Output", "{% $missing %}"}, {"Next", fallback}};
  }

  json::object task(const std::string& next, const std::string& fallback) {
    json::object out{{"Type", "Task"}};
    if (random_.chance(0.7)) {
      out["Resource"] = "arn:aws:states:::lambda:invoke";
      out["Arguments"] = {{"FunctionName", "work"},
                          {"Payload", {{"of", "{% $states.context.State.Name %}"}}}};
    } else {
      out["Resource"] = "arn:aws:lambda:us-east-1:123456789012:function:work";
    }
    if (random_.chance(0.5)) out["TimeoutSeconds"] = 1 + random_.below(12);
    if (random_.chance(0.4)) out["Assign"] = {{own("n"), "{% $states.result.n %}"}};
    if (random_.chance(0.3)) out["Output"] = {{"got", "{% $states.result %}"}};
    errors(out, fallback);
    go(out, next);
    return out;
  }

  json::object parallel(int depth, const std::string& next, const std::string& fallback) {
    json::array branches;
    const auto count = 1 + random_.below(3);
    for (std::uint64_t i = 0; i < count; ++i) branches.push_back(states(depth - 1));
    json::object out{{"Type", "Parallel"}, {"Branches", std::move(branches)}};
    errors(out, fallback);
    go(out, next);
    return out;
  }

  json::object map(int depth, const std::string& next, const std::string& fallback) {
    json::object out{{"Type", "Map"}, {"ItemProcessor", states(depth - 1)}};
    json::array items;
    const auto count = random_.below(5);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (random_.chance(0.7)) {
        items.emplace_back(i);
      } else {
        items.emplace_back(odd_value());
      }
    }
    if (random_.chance(0.8)) out["Items"] = std::move(items);  // else the input has to be an array
    out["MaxConcurrency"] = random_.below(4);
    if (random_.chance(0.3)) out["ItemSelector"] = {{"item", "{% $states.context.Map.Item.Value %}"}};
    if (random_.chance(0.3)) out["ToleratedFailureCount"] = random_.below(3);
    if (random_.chance(0.2)) out["ToleratedFailurePercentage"] = random_.below(101);
    errors(out, fallback);
    go(out, next);
    return out;
  }

  void errors(json::object& out, const std::string& fallback) {
    if (random_.chance(0.6)) {
      json::object retrier{{"ErrorEquals", {random_.chance(0.5) ? "States.ALL" : "Flaky"}},
                           {"IntervalSeconds", 1 + random_.below(5)},
                           {"MaxAttempts", random_.below(4)},
                           {"BackoffRate", 1.0 + random_.uniform()}};
      if (random_.chance(0.3)) retrier["MaxDelaySeconds"] = 6;
      if (random_.chance(0.3)) retrier["JitterStrategy"] = "FULL";
      out["Retry"] = json::array{std::move(retrier)};
    }
    if (random_.chance(0.6)) {
      json::object catcher{{"ErrorEquals", {"States.ALL"}}, {"Next", fallback}};
      if (random_.chance(0.5)) catcher["Assign"] = {{own("why"), "{% $states.errorOutput.Error %}"}};
      if (random_.chance(0.5)) catcher["Output"] = {{"error", "{% $states.errorOutput %}"}};
      out["Catch"] = json::array{std::move(catcher)};
    }
  }

  Random random_;
  int names_ = 0;
  int depth_ = 0;
};

}  // namespace

json::value random_machine(Random random) {
  const bool bounded = random.chance(0.2);
  const auto seconds = 5 + random.below(60);
  json::object machine = Author(random.fork("states")).states(2);
  machine["QueryLanguage"] = "JSONata";
  if (bounded) machine["TimeoutSeconds"] = seconds;
  return machine;
}

TaskResult RandomWorld::run(const TaskRequest& request) {
  Random fate = random_.fork(fmt::format("task {}", request.task_id));
  const Duration length{static_cast<std::int64_t>(fate.below(15'000))};
  const auto [end, first] = ends_.try_emplace(request.task_id, clock_.now() + length);
  if (!first) ++reruns_;
  clock_.sleep(end->second - clock_.now());
  if (fate.chance(0.35)) {
    return tl::unexpected(
        TaskFailure{kErrors[fate.below(std::size(kErrors))], fmt::format("task {}", request.task_id)});
  }
  const auto odd = fate.below(2 * std::size(kOddAnswers));
  const auto text = odd < std::size(kOddAnswers) ? kOddAnswers[odd] : deep(fate.below(300));
  const auto answer = make_payload({{"n", fate.below(4)}, {"share", fate.uniform()}, {"odd", nullptr}}, "odd",
                                   *read_compact(text));
  if (!request.resource.ends_with("lambda:invoke"))
    return fate.chance(0.3) ? *read_compact("[1.0,0.10]") : answer;
  return make_payload({{"Payload", nullptr}, {"n", 1}, {"StatusCode", 200}}, "Payload", answer);
}

}  // namespace lamplighter::engine::proof
