#include "api/stepfunctions/actions.h"

namespace lamplighter::api {
namespace {

/// The members that hold what flows through an execution.
constexpr std::string_view kData[] = {"input",         "inputDetails",      "output",
                                      "outputDetails", "assignedVariables", "assignedVariablesDetails",
                                      "parameters",    "evaluationResult"};

void remove_data(json::object& event, std::string_view details) {
  auto* found = event.if_contains(details);
  if (!found || !found->is_object()) return;
  for (const auto name : kData) found->get_object().erase(name);
}

json::object to_answer(const engine::Event& event, bool with_data) {
  auto shown = engine::to_history_json(event);
  shown["timestamp"] = epoch_seconds(event.time);
  if (!with_data) remove_data(shown, engine::details_key(event.type));
  return shown;
}

}  // namespace

Answer get_execution_history(engine::Engine& engine, const Parameters& parameters) {
  engine::HistoryRequest request;
  request.execution_arn = TRY(parameters.text("executionArn", kArnLength));
  request.max = TRY(page_size(parameters));
  request.reverse = TRY(parameters.truth("reverseOrder", false));
  request.token = TRY(next_token(parameters));
  const bool with_data = TRY(parameters.truth("includeExecutionData", true));
  const auto page = TRY(engine.history(request));
  json::array events;
  for (const auto& event : page.items) events.push_back(to_answer(event, with_data));
  json::object answer{{"events", std::move(events)}};
  set_next_token(answer, page.next);
  return answer;
}

}  // namespace lamplighter::api
