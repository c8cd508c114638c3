#include "api/stepfunctions/step_functions.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/stepfunctions/actions.h"
#include "base/utf8.h"
#include "base/uuid.h"

namespace lamplighter::api {
namespace {

constexpr std::string_view kTargetPrefix = "AWSStepFunctions.";
constexpr std::string_view kContentType = "application/x-amz-json-1.0";
constexpr std::string_view kSigningName = "states";

struct Call {
  std::string_view name;
  Action action;
};

/// The API's table of contents.
constexpr Call kCalls[] = {
    {"CreateStateMachine", create_state_machine},
    {"UpdateStateMachine", update_state_machine},
    {"DescribeStateMachine", describe_state_machine},
    {"ListStateMachines", list_state_machines},
    {"ListStateMachineVersions", list_state_machine_versions},
    {"DeleteStateMachine", delete_state_machine},
    {"StartExecution", start_execution},
    {"DescribeExecution", describe_execution},
    {"DescribeStateMachineForExecution", describe_state_machine_for_execution},
    {"ListExecutions", list_executions},
    {"StopExecution", stop_execution},
    {"GetExecutionHistory", get_execution_history},
    {"ValidateStateMachineDefinition", validate_state_machine_definition},
    {"ListTagsForResource", list_tags_for_resource},
    {"TagResource", tag_resource},
    {"UntagResource", untag_resource},
};

Result<Action> find_action(std::string_view target) {
  const bool ours = target.starts_with(kTargetPrefix);
  const auto name = ours ? target.substr(kTargetPrefix.size()) : std::string_view();
  const auto* call = std::find_if(std::begin(kCalls), std::end(kCalls),
                                  [&](const Call& candidate) { return candidate.name == name; });
  if (call != std::end(kCalls)) return call->action;
  return fail(ErrorKind::bad_input, "UnknownOperationException",
              fmt::format("found X-Amz-Target \"{}\", expected {}ACTION with an action of docs/api.md",
                          target.substr(0, 100), kTargetPrefix));
}

int http_status(const Error& error) {
  if (error.kind == ErrorKind::internal) return 500;
  return is_refusal(error) ? 403 : 400;
}

http::Response to_response(const Answer& answer) {
  http::Response response{
      200, {{"Content-Type", std::string(kContentType)}, {"x-amzn-RequestId", make_uuid()}}, ""};
  if (answer) {
    response.body = json_text(*answer);
    return response;
  }
  response.status = http_status(answer.error());
  response.headers.emplace_back("x-amzn-ErrorType", answer.error().code);
  response.body = json_text(
      json::object{{"__type", answer.error().code}, {"message", mend_utf8(answer.error().message)}});
  return response;
}

}  // namespace

http::Response StepFunctions::handle(const http::Request& request) const {
  return to_response(perform(request));
}

Answer StepFunctions::perform(const http::Request& request) const {
  CHECK_OK(door_.check(request, kSigningName));
  const auto action = TRY(find_action(http::header(request.headers, "x-amz-target")));
  auto parameters = TRY(Parameters::parse(request.body));
  parameters.set_sender(door_.sender_of(request));
  return action(engine_, parameters);
}

std::optional<http::Response> StepFunctions::refuse(const http::Request& header) const {
  const Status status = door_.check_header(header, kSigningName);
  return status ? std::nullopt : std::optional(to_response(tl::unexpected(status.error())));
}

Result<std::size_t> page_size(const Parameters& parameters) {
  const auto asked = TRY(parameters.number("maxResults", kPageRange));
  return asked.value_or(0) == 0 ? kDefaultPage : static_cast<std::size_t>(*asked);
}

Result<std::string> next_token(const Parameters& parameters) {
  return TRY(parameters.optional_text("nextToken", kTokenLength)).value_or("");
}

void set_next_token(json::object& answer, const std::string& next) {
  if (!next.empty()) answer["nextToken"] = next;
}

}  // namespace lamplighter::api
