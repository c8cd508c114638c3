// Runs one definition on the simulation driver with scripted task answers, and prints how it went.
// In:  {"definition": …, "input": …, "answers": {"dev/db": [answer, …], "report": […]}}; an answer with a
// member "error"
//      is a failure {error, cause}, any other the Payload.
// Out: {"status", "output", "error", "events"}
#include <algorithm>
#include <iostream>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "engine/core/payload.h"
#include "engine/virtual/simulation.h"

namespace {

using namespace lamplighter;

class Answers final : public engine::TaskRunner {
 public:
  explicit Answers(json::object answers) : answers_(std::move(answers)) {}
  engine::TaskResult run(const engine::TaskRequest& request) override {
    const auto& payload = request.arguments->value.at("Payload");
    const std::string key = get_string(payload, "task") == "report"
                                ? "report"
                                : get_string(payload, "environment") + "/" + get_string(payload, "phase");
    const auto& script = answers_.at(key).as_array();
    const auto& answer = script.at(std::min(next_[key]++, script.size() - 1));
    if (find(answer, "error")) {
      return tl::unexpected(engine::TaskFailure{get_string(answer, "error"), get_string(answer, "cause")});
    }
    return engine::make_payload(
        json::object{{"ExecutedVersion", "$LATEST"}, {"Payload", answer}, {"StatusCode", 200}});
  }

 private:
  json::object answers_;
  std::map<std::string, std::size_t> next_;
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
  json::array events;
  for (const auto& event : result->events) events.push_back(engine::to_history_json(event));
  out["events"] = std::move(events);
  std::cout << json_text(out) << "\n";
}
