#include "engine/runtime/export.h"

namespace lamplighter::engine {
namespace {

json::object to_json(const Execution& execution) {
  json::object out{{"executionArn", execution.arn},
                   {"stateMachineArn", execution.state_machine_arn},
                   {"name", execution.name},
                   {"status", to_string(execution.status)},
                   {"startDate", format_time(execution.started)},
                   {"input", execution.input}};
  if (execution.ended) out["stopDate"] = format_time(*execution.ended);
  if (execution.output) out["output"] = *execution.output;
  if (execution.error) out["error"] = *execution.error;
  if (execution.cause) out["cause"] = *execution.cause;
  if (!execution.started_by.empty()) out["startedBy"] = execution.started_by;
  return out;
}

Result<json::array> all_events(Executions& executions, const std::string& arn) {
  json::array events;
  HistoryRequest request{arn, 1'000, false, ""};
  do {
    auto page = TRY(executions.history(request));
    for (const Event& event : page.items) events.push_back(to_history_json(event));
    request.token = std::move(page.next);
  } while (!request.token.empty());
  return events;
}

}  // namespace

Result<json::object> export_execution(Executions& executions, const std::string& arn) {
  json::object out{{"format", "lamplighter-execution-1"}};
  out["execution"] = to_json(TRY(executions.describe_execution(arn)));
  out["definition"] = TRY(parse_json(TRY(executions.execution_definition(arn))));
  out["events"] = TRY(all_events(executions, arn));
  return out;
}

}  // namespace lamplighter::engine
