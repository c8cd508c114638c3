#include "api/stepfunctions/actions.h"

namespace lamplighter::api {
namespace {

constexpr Length kPayloadLength{0, limits::kPayloadBytes};
constexpr Length kErrorLength{0, 256};
constexpr Length kCauseLength{0, 32'768};

void set_if(json::object& answer, std::string_view name, const std::optional<std::string>& value) {
  if (value) answer[name] = *value;
}

/// What both the list and the description show.
json::object summary_of(const engine::Execution& execution) {
  json::object answer{{"executionArn", execution.arn},
                      {"stateMachineArn", execution.state_machine_arn},
                      {"name", execution.name},
                      {"status", engine::to_string(execution.status)},
                      {"startDate", epoch_seconds(execution.started)}};
  if (execution.ended) answer["stopDate"] = epoch_seconds(*execution.ended);
  answer["redriveCount"] = 0;
  if (!execution.started_by.empty()) answer["startedBy"] = execution.started_by;  // ours alone, as in lists
  set_if(answer, "error", execution.error);                                       // these are
  set_if(answer, "cause", execution.cause);
  return answer;
}

Status refuse(const Parameters& parameters, std::string_view name) {
  if (!parameters.has(name)) return {};
  return fail(ErrorKind::bad_input, "ValidationException",
              std::string(name) + " is not supported here: there are no distributed Maps and no redrives");
}

}  // namespace

Answer start_execution(engine::Engine& engine, const Parameters& parameters) {
  const auto machine = TRY(parameters.text("stateMachineArn", kArnLength));
  const auto name = TRY(parameters.optional_text("name", kNameLength));
  const auto input = TRY(parameters.optional_text("input", kPayloadLength));
  const auto execution =
      TRY(engine.start_execution(machine, name.value_or(""), input.value_or("{}"), parameters.sender()));
  return json::object{{"executionArn", execution.arn}, {"startDate", epoch_seconds(execution.started)}};
}

Answer describe_execution(engine::Engine& engine, const Parameters& parameters) {
  const auto execution = TRY(engine.describe_execution(TRY(parameters.text("executionArn", kArnLength))));
  auto answer = summary_of(execution);
  answer["input"] = execution.input;
  answer["inputDetails"] = {{"included", true}};
  if (execution.output) {
    answer["output"] = *execution.output;
    answer["outputDetails"] = {{"included", true}};
  }
  answer["redriveStatus"] = "NOT_REDRIVABLE";
  answer["redriveStatusReason"] = "Redrive is not supported here";
  return answer;
}

Answer describe_state_machine_for_execution(engine::Engine& engine, const Parameters& parameters) {
  const auto arn = TRY(parameters.text("executionArn", kArnLength));
  const auto execution = TRY(engine.describe_execution(arn));
  const auto& machine = execution.state_machine_arn;
  return json::object{{"stateMachineArn", machine},
                      {"name", machine.substr(machine.rfind(':') + 1)},
                      {"definition", TRY(engine.execution_definition(arn))},
                      {"roleArn", execution.role_arn},
                      {"updateDate", epoch_seconds(execution.started)},
                      {"loggingConfiguration", {{"level", "OFF"}, {"includeExecutionData", false}}},
                      {"tracingConfiguration", {{"enabled", false}}}};
}

Answer list_executions(engine::Engine& engine, const Parameters& parameters) {
  CHECK_OK(refuse(parameters, "mapRunArn"));
  CHECK_OK(refuse(parameters, "redriveFilter"));
  engine::ListExecutions request;
  request.state_machine_arn = TRY(parameters.text("stateMachineArn", kArnLength));
  const auto status = TRY(parameters.choice(
      "statusFilter", {"SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"}));
  if (status == "PENDING_REDRIVE") return json::object{{"executions", json::array{}}};
  if (status) request.status = engine::parse_status(*status);
  request.max = TRY(page_size(parameters));
  request.token = TRY(next_token(parameters));
  const auto page = TRY(engine.list_executions(request));
  json::array executions;
  for (const auto& execution : page.items) executions.push_back(summary_of(execution));
  json::object answer{{"executions", std::move(executions)}};
  set_next_token(answer, page.next);
  return answer;
}

Answer stop_execution(engine::Engine& engine, const Parameters& parameters) {
  const auto arn = TRY(parameters.text("executionArn", kArnLength));
  const auto error = TRY(parameters.optional_text("error", kErrorLength));
  const auto cause = TRY(parameters.optional_text("cause", kCauseLength));
  const auto ended = TRY(engine.stop_execution(arn, error.value_or(""), cause.value_or("")));
  return json::object{{"stopDate", epoch_seconds(ended)}};
}

}  // namespace lamplighter::api
