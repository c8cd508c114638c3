// Runs one definition on the simulation driver with scripted task answers, and prints how it went.
// In:  {"definition": …, "input": …, "answers": {"survey": [answer, …], "admit/dev": […], "dev/db": […],
//      "report": […]}}; an answer with a member "cause" is a failure {error, cause}, any other the Payload.
// Out: {"status", "output", "error", "cause", "events", "asked": {key: [payload, …]}}
#include <algorithm>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "engine/core/payload.h"
#include "engine/virtual/simulation.h"

namespace {

using namespace lamplighter;

/// What a task's answers stand under.
std::string key_of(const json::value& payload) {
  const std::string task = get_string(payload, "task");
  if (task == "reconcile") return get_string(payload, "environment") + "/" + get_string(payload, "phase");
  return task == "admit" ? task + "/" + get_string(payload.at("environment"), "name") : task;
}

class Answers final : public engine::TaskRunner {
 public:
  explicit Answers(json::object answers) : answers_(std::move(answers)) {}
  engine::TaskResult run(const engine::TaskRequest& request) override {
    const auto& payload = request.arguments->value.at("Payload");
    const std::string key = key_of(payload);
    const auto& script = answers_.at(key).as_array();
    json::value& asked = asked_[key];
    if (asked.is_null()) asked.emplace_array();
    const auto& answer = script.at(std::min(asked.as_array().size(), script.size() - 1));
    asked.as_array().push_back(payload);
    if (find(answer, "cause")) {
      return tl::unexpected(engine::TaskFailure{get_string(answer, "error"), get_string(answer, "cause")});
    }
    return engine::make_payload(
        json::object{{"ExecutedVersion", "$LATEST"}, {"Payload", answer}, {"StatusCode", 200}});
  }
  [[nodiscard]] const json::object& asked() const { return asked_; }

 private:
  json::object answers_;
  json::object asked_;
};

}  // namespace

int main() {
  const std::string text((std::istreambuf_iterator<char>(std::cin)), {});
  const auto request = parse_json(text).value();
  Answers answers(request.at("answers").as_object());
  engine::SimulationClock clock(Time{Duration{1'700'000'000'000}});
  const auto result =
      engine::simulate(json_text(request.at("definition")), request.at("input"), clock, answers);
  if (!result) {
    fmt::print(stderr, "{}: {}\n", result.error().code, result.error().message);
    return 1;
  }
  json::object out{{"status", engine::to_string(result->execution.status)}};
  if (result->execution.output) out["output"] = *result->execution.output;
  if (result->execution.error) out["error"] = *result->execution.error;
  if (result->execution.cause) out["cause"] = *result->execution.cause;
  out["asked"] = answers.asked();
  json::array events;
  for (const auto& event : result->events) events.push_back(engine::to_history_json(event));
  out["events"] = std::move(events);
  std::cout << json_text(out) << "\n";
}
