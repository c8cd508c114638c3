#include "api/stepfunctions/step_functions.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/auth/sigv4.h"
#include "api/stepfunctions/actions.h"
#include "base/authority.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "base/who.h"

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
  constexpr std::array kNotAuthenticated{"MissingAuthenticationTokenException",
                                         "IncompleteSignatureException", "UnrecognizedClientException",
                                         "InvalidSignatureException", "AccessDeniedException"};
  if (error.kind == ErrorKind::internal) return 500;
  const bool refused =
      std::find(kNotAuthenticated.begin(), kNotAuthenticated.end(), error.code) != kNotAuthenticated.end();
  return refused ? 403 : 400;
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

StepFunctions::StepFunctions(engine::Engine& engine, Clock& clock, StepFunctionsOptions options)
    : engine_(engine), clock_(clock), options_(std::move(options)) {}

http::Response StepFunctions::handle(const http::Request& request) const {
  return to_response(perform(request));
}

Answer StepFunctions::perform(const http::Request& request) const {
  CHECK_OK(check_header(request));
  if (options_.keys) {
    CHECK_OK(verify_signature(request, *options_.keys, kSigningName, clock_.now()));
  }
  const auto action = TRY(find_action(http::header(request.headers, "x-amz-target")));
  auto parameters = TRY(Parameters::parse(request.body));
  parameters.set_sender(sender_of(request));
  return action(engine_, parameters);
}

/// A signature's key is the only one that there is, so it is known without another look at the request.
json::object StepFunctions::sender_of(const http::Request& request) const {
  if (request.peer) {
    return {{"how", "socket"},
            {"user", user_name(request.peer->uid)},
            {"uid", request.peer->uid},
            {"pid", request.peer->pid},
            {"host", host_name()}};
  }
  json::object sender{{"how", "api"}};
  if (options_.keys) sender["key"] = options_.keys->access_key_id;
  return sender;
}

std::optional<http::Response> StepFunctions::refuse(const http::Request& header) const {
  const Status status = check_header(header);
  return status ? std::nullopt : std::optional(to_response(tl::unexpected(status.error())));
}

Status StepFunctions::check_header(const http::Request& header) const {
  if (options_.keys) return verify_header(header, *options_.keys, kSigningName, clock_.now());
  const auto host = parse_authority(http::header(header.headers, "host"));
  if (host && host->is_loopback) return {};
  return fail(ErrorKind::bad_input, "AccessDeniedException",
              "without authentication, only requests to localhost, 127.0.0.1 or [::1] are answered");
}

Result<std::size_t> page_size(const Parameters& parameters) {
  const auto asked = TRY(parameters.number("maxResults", kPageRange));
  return asked.value_or(0) == 0 ? kDefaultPage : static_cast<std::size_t>(*asked);
}

Result<std::string> next_token(const Parameters& parameters) {
  return TRY(parameters.optional_text("nextToken", kTokenLength)).value_or("");
}

double epoch_seconds(Time time) { return static_cast<double>(time.time_since_epoch().count()) / 1000.0; }

void set_next_token(json::object& answer, const std::string& next) {
  if (!next.empty()) answer["nextToken"] = next;
}

}  // namespace lamplighter::api
