#include <algorithm>

#include "api/stepfunctions/actions.h"

namespace lamplighter::api {
namespace {

/// The members that hold what flows through an execution.
constexpr std::string_view kData[] = {"input",         "inputDetails",      "output",
                                      "outputDetails", "assignedVariables", "assignedVariablesDetails",
                                      "parameters",    "evaluationResult"};

// An event may hold 256 KiB, so an answer is also bounded by its bytes; clients follow nextToken.
constexpr std::size_t kChunk = 50;
constexpr std::size_t kMaxBytes = std::size_t{4} << 20;

void remove_data(json::object& event, std::string_view details) {
  auto* found = event.if_contains(details);
  if (!found || !found->is_object()) return;
  for (const auto name : kData) found->get_object().erase(name);
}

std::size_t size_of(const engine::Event& event) {
  std::size_t bytes = event.payload ? event.payload->size() : 0;
  for (const auto& member : event.details) {
    if (const auto* text = member.value().if_string()) bytes += text->size();
  }
  return bytes;
}

/// As many events as were asked for, or as fit.
Result<engine::Page<engine::Event>> read_page(engine::Engine& engine, engine::HistoryRequest request) {
  const std::size_t wanted = request.max;
  engine::Page<engine::Event> page;
  std::size_t bytes = 0;
  do {
    request.max = std::min(kChunk, wanted - page.items.size());
    auto chunk = TRY(engine.history(request));
    for (auto& event : chunk.items) {
      bytes += size_of(event);
      page.items.push_back(std::move(event));
    }
    request.token = page.next = chunk.next;
  } while (!page.next.empty() && page.items.size() < wanted && bytes < kMaxBytes);
  return page;
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
  const auto page = TRY(read_page(engine, request));
  json::array events;
  for (const auto& event : page.items) events.push_back(to_answer(event, with_data));
  json::object answer{{"events", std::move(events)}};
  set_next_token(answer, page.next);
  return answer;
}

}  // namespace lamplighter::api
