#include "aws/services/step_functions.h"

#include "aws/client/json_answer.h"
#include "json/reader.h"

namespace lamplighter::aws {
namespace {

constexpr std::string_view kService = "sfn";

std::optional<std::string> optional_text(const json::value& answer, std::string_view name) {
  const auto* value = find(answer, name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

/// A member that the answer must have.
Result<std::string> needed(std::string_view action, const json::value& answer, std::string_view name) {
  auto text = optional_text(answer, name);
  if (text) return *std::move(text);
  return invalid_answer(action, "the answer has no " + std::string(name));
}

StepFunctions::Machine read_machine(const json::value& answer) {
  return {get_string(answer, "stateMachineArn"), get_string(answer, "name"), get_string(answer, "definition"),
          get_string(answer, "roleArn"), time_in(answer, "creationDate").value_or(Time{})};
}

StepFunctions::Execution read_execution(const json::value& answer) {
  StepFunctions::Execution out;
  out.arn = get_string(answer, "executionArn");
  out.machine_arn = get_string(answer, "stateMachineArn");
  out.name = get_string(answer, "name");
  out.status = get_string(answer, "status");
  out.started = time_in(answer, "startDate").value_or(Time{});
  out.ended = time_in(answer, "stopDate");
  out.input = get_string(answer, "input");
  out.output = optional_text(answer, "output");
  out.error = optional_text(answer, "error");
  out.cause = optional_text(answer, "cause");
  const auto* by = find(answer, "startedBy");
  if (by != nullptr && by->is_object()) out.started_by = by->get_object();
  return out;
}

template <class T, class Read>
Result<StepFunctions::Page<T>> read_page(std::string_view action, const json::value& answer,
                                         std::string_view list, Read read) {
  const auto* items = find(answer, list);
  if (items == nullptr || !items->is_array())
    return invalid_answer(action, "the answer has no list " + std::string(list));
  StepFunctions::Page<T> page;
  for (const auto& item : items->get_array()) page.items.push_back(read(item));
  page.next = get_string(answer, "nextToken");
  return page;
}

json::object page_request(std::size_t max, const std::string& token) {
  json::object body{{"maxResults", max}};
  if (!token.empty()) body["nextToken"] = token;
  return body;
}

}  // namespace

Result<json::value> StepFunctions::call(std::string_view action, const json::object& body) {
  return parse_answer(action, TRY(caller_.call_json(target_, kService, action, body)));
}

Result<StepFunctions::Page<StepFunctions::Machine>> StepFunctions::list_machines(std::size_t max,
                                                                                 const std::string& token) {
  const auto answer = TRY(call("ListStateMachines", page_request(max, token)));
  return read_page<Machine>("ListStateMachines", answer, "stateMachines", read_machine);
}

Result<StepFunctions::Machine> StepFunctions::describe_machine(const std::string& arn) {
  return read_machine(TRY(call("DescribeStateMachine", {{"stateMachineArn", arn}})));
}

Result<std::string> StepFunctions::create_machine(const std::string& name, const std::string& definition,
                                                  const std::string& role_arn) {
  const auto answer =
      TRY(call("CreateStateMachine", {{"name", name}, {"definition", definition}, {"roleArn", role_arn}}));
  return needed("CreateStateMachine", answer, "stateMachineArn");
}

Status StepFunctions::update_machine(const std::string& arn, const std::optional<std::string>& definition,
                                     const std::optional<std::string>& role_arn) {
  json::object body{{"stateMachineArn", arn}};
  if (definition) body["definition"] = *definition;
  if (role_arn) body["roleArn"] = *role_arn;
  CHECK_OK(call("UpdateStateMachine", body));
  return {};
}

Result<std::string> StepFunctions::start(const std::string& machine_arn, const std::string& name,
                                         const std::string& input) {
  json::object body{{"stateMachineArn", machine_arn}, {"input", input}};
  if (!name.empty()) body["name"] = name;
  return needed("StartExecution", TRY(call("StartExecution", body)), "executionArn");
}

Result<StepFunctions::Execution> StepFunctions::describe(const std::string& arn) {
  return read_execution(TRY(call("DescribeExecution", {{"executionArn", arn}})));
}

Result<StepFunctions::Page<StepFunctions::Execution>> StepFunctions::list(const std::string& machine_arn,
                                                                          std::string_view status,
                                                                          std::size_t max,
                                                                          const std::string& token) {
  json::object body = page_request(max, token);
  body["stateMachineArn"] = machine_arn;
  if (!status.empty()) body["statusFilter"] = status;
  const auto answer = TRY(call("ListExecutions", body));
  return read_page<Execution>("ListExecutions", answer, "executions", read_execution);
}

Result<Time> StepFunctions::stop(const std::string& arn, const std::string& error, const std::string& cause) {
  const auto answer = TRY(call("StopExecution", {{"executionArn", arn}, {"error", error}, {"cause", cause}}));
  const auto ended = time_in(answer, "stopDate");
  if (!ended) return invalid_answer("StopExecution", "the answer has no stopDate");
  return *ended;
}

Result<std::string> StepFunctions::definition_of(const std::string& arn) {
  const auto answer = TRY(call("DescribeStateMachineForExecution", {{"executionArn", arn}}));
  return needed("DescribeStateMachineForExecution", answer, "definition");
}

Result<StepFunctions::Page<json::value>> StepFunctions::history(const std::string& arn, std::size_t max,
                                                                bool reverse, const std::string& token) {
  json::object body = page_request(max, token);
  body["executionArn"] = arn;
  body["reverseOrder"] = reverse;
  const auto answer = TRY(call("GetExecutionHistory", body));
  return read_page<json::value>("GetExecutionHistory", answer, "events",
                                [](const json::value& event) { return event; });
}

}  // namespace lamplighter::aws
