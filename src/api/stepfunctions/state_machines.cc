#include "api/stepfunctions/actions.h"

namespace lamplighter::api {
namespace {

/// What is kept beside a state machine and shown again, but has no effect here.
constexpr std::string_view kExtras[] = {"loggingConfiguration", "tracingConfiguration", "tags"};

/// `extras` with what the request gives anew.
json::value merged_extras(json::value extras, const Parameters& parameters) {
  if (!extras.is_object()) extras.emplace_object();
  for (const auto name : kExtras) {
    if (const auto* value = parameters.raw(name)) extras.get_object()[name] = *value;
  }
  return extras;
}

Status check_supported(const Parameters& parameters) {
  if (TRY(parameters.choice("type", {"STANDARD", "EXPRESS"})).value_or("STANDARD") == "EXPRESS") {
    return fail(ErrorKind::bad_input, "StateMachineTypeNotSupported",
                "EXPRESS state machines are not supported here; use STANDARD");
  }
  if (TRY(parameters.truth("publish", false))) {
    return fail(ErrorKind::bad_input, "ValidationException",
                "versions are not supported here; leave out publish");
  }
  return {};
}

json::value extra(const engine::StateMachine& machine, std::string_view name, const json::value& fallback) {
  const auto* found = find(machine.extras, name);
  return found ? *found : fallback;
}

}  // namespace

Answer create_state_machine(engine::Engine& engine, const Parameters& parameters) {
  const auto name = TRY(parameters.text("name", kNameLength));
  const auto definition = TRY(parameters.text("definition", kDefinitionLength));
  const auto role_arn = TRY(parameters.text("roleArn", kArnLength));
  CHECK_OK(check_supported(parameters));
  const auto machine =
      TRY(engine.create_state_machine(name, definition, role_arn, merged_extras({}, parameters)));
  return json::object{{"stateMachineArn", machine.arn}, {"creationDate", epoch_seconds(machine.created)}};
}

Answer update_state_machine(engine::Engine& engine, const Parameters& parameters) {
  const auto arn = TRY(parameters.text("stateMachineArn", kArnLength));
  const auto definition = TRY(parameters.optional_text("definition", kDefinitionLength));
  const auto role_arn = TRY(parameters.optional_text("roleArn", kArnLength));
  CHECK_OK(check_supported(parameters));
  const auto extras = merged_extras(TRY(engine.describe_state_machine(arn)).extras, parameters);
  const bool has_extras = parameters.has("loggingConfiguration") || parameters.has("tracingConfiguration");
  if (!definition && !role_arn && !has_extras) {
    return fail(
        ErrorKind::bad_input, "MissingRequiredParameter",
        "Either the definition, the role ARN, the LoggingConfiguration, the EncryptionConfiguration or "
        "the TracingConfiguration must be specified");
  }
  const auto machine = TRY(engine.update_state_machine(arn, definition, role_arn, extras));
  return json::object{{"updateDate", epoch_seconds(machine.updated)}, {"revisionId", machine.revision_id}};
}

Answer describe_state_machine(engine::Engine& engine, const Parameters& parameters) {
  const auto arn = TRY(parameters.text("stateMachineArn", kArnLength));
  const auto machine = TRY(engine.describe_state_machine(arn));
  return json::object{{"stateMachineArn", machine.arn},
                      {"name", machine.name},
                      {"status", "ACTIVE"},
                      {"definition", machine.definition},
                      {"roleArn", machine.role_arn},
                      {"type", "STANDARD"},
                      {"creationDate", epoch_seconds(machine.created)},
                      {"loggingConfiguration", extra(machine, "loggingConfiguration",
                                                     {{"level", "OFF"}, {"includeExecutionData", false}})},
                      {"tracingConfiguration", extra(machine, "tracingConfiguration", {{"enabled", false}})},
                      {"revisionId", machine.revision_id}};
}

Answer list_state_machines(engine::Engine& engine, const Parameters& parameters) {
  const auto page = TRY(engine.list_state_machines(TRY(page_size(parameters)), TRY(next_token(parameters))));
  json::array machines;
  for (const auto& machine : page.items) {
    machines.push_back({{"stateMachineArn", machine.arn},
                        {"name", machine.name},
                        {"type", "STANDARD"},
                        {"creationDate", epoch_seconds(machine.created)}});
  }
  json::object answer{{"stateMachines", std::move(machines)}};
  set_next_token(answer, page.next);
  return answer;
}

Answer delete_state_machine(engine::Engine& engine, const Parameters& parameters) {
  CHECK_OK(engine.delete_state_machine(TRY(parameters.text("stateMachineArn", kArnLength))));
  return json::object{};
}

}  // namespace lamplighter::api
