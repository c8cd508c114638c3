#include <fmt/format.h>

#include "api/stepfunctions/actions.h"
#include "asl/parse.h"

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

/// Logging goes to exactly one destination, unless it is off.
Status check_logging(const Parameters& parameters) {
  const auto* logging = parameters.raw("loggingConfiguration");
  if (!logging || (logging->is_object() && get_string(*logging, "level", "OFF") == "OFF")) return {};
  const auto* destinations = find(*logging, "destinations");
  if (destinations && destinations->is_array() && destinations->get_array().size() == 1) return {};
  return fail(ErrorKind::bad_input, "InvalidLoggingConfiguration",
              "Invalid Logging Configuration: Must specify exactly one Log Destination.");
}

Status check_supported(const Parameters& parameters) {
  CHECK_OK(check_logging(parameters));
  const bool publish = TRY(parameters.truth("publish", false));
  if (parameters.has("versionDescription") && !publish) {
    return fail(ErrorKind::bad_input, "ValidationException",
                "Version description can only be set when publish is true");
  }
  if (publish) {
    return fail(ErrorKind::bad_input, "ValidationException",
                "versions are not supported here; leave out publish");
  }
  return {};
}

/// An Express machine does not run here, but first comes what the service would say of its definition.
Status check_type(const Parameters& parameters, const std::string& definition) {
  const auto type = TRY(machine_type(parameters));
  if (type == asl::MachineType::standard) return {};
  const auto diagnostics = asl::parse(definition, type).diagnostics;
  if (asl::has_errors(diagnostics)) {
    return fail(ErrorKind::bad_input, "InvalidDefinition",
                fmt::format("Invalid State Machine Definition: '{}'", asl::summary(diagnostics)));
  }
  return fail(ErrorKind::bad_input, "StateMachineTypeNotSupported",
              "EXPRESS state machines are not supported here; use STANDARD");
}

json::value extra(const engine::StateMachine& machine, std::string_view name, const json::value& fallback) {
  const auto* found = find(machine.extras, name);
  return found ? *found : fallback;
}

}  // namespace

Result<asl::MachineType> machine_type(const Parameters& parameters) {
  const auto type = TRY(parameters.choice("type", {"STANDARD", "EXPRESS"}));
  return type == "EXPRESS" ? asl::MachineType::express : asl::MachineType::standard;
}

Answer create_state_machine(engine::Engine& engine, const Parameters& parameters) {
  const auto name = TRY(parameters.text("name", kNameLength));
  const auto definition = TRY(parameters.text("definition", kDefinitionLength));
  const auto role_arn = TRY(parameters.text("roleArn", kArnLength));
  CHECK_OK(check_supported(parameters));
  CHECK_OK(check_type(parameters, definition));
  const auto machine =
      TRY(engine.create_state_machine(name, definition, role_arn, merged_extras({}, parameters)));
  return json::object{{"stateMachineArn", machine.arn}, {"creationDate", epoch_seconds(machine.created)}};
}

Answer update_state_machine(engine::Engine& engine, const Parameters& parameters) {
  const auto arn = TRY(parameters.text("stateMachineArn", kArnLength));
  const auto definition = TRY(parameters.optional_text("definition", kDefinitionLength));
  const auto role_arn = TRY(parameters.optional_text("roleArn", kArnLength));
  CHECK_OK(check_supported(parameters));
  const bool has_extras = parameters.has("loggingConfiguration") || parameters.has("tracingConfiguration");
  if (!definition && !role_arn && !has_extras) {
    return fail(
        ErrorKind::bad_input, "MissingRequiredParameter",
        "Either the definition, the role ARN, the LoggingConfiguration, the EncryptionConfiguration or "
        "the TracingConfiguration must be specified");
  }
  const auto merge = [&](json::value extras) -> Result<json::value> {
    return merged_extras(std::move(extras), parameters);
  };
  const auto machine = TRY(engine.update_state_machine(arn, definition, role_arn, merge));
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

/// There are none; Terraform's provider asks all the same.
Answer list_state_machine_versions(engine::Engine& engine, const Parameters& parameters) {
  CHECK_OK(engine.describe_state_machine(TRY(parameters.text("stateMachineArn", kArnLength))));
  CHECK_OK(page_size(parameters));
  CHECK_OK(next_token(parameters));
  return json::object{{"stateMachineVersions", json::array{}}};
}

Answer delete_state_machine(engine::Engine& engine, const Parameters& parameters) {
  CHECK_OK(engine.delete_state_machine(TRY(parameters.text("stateMachineArn", kArnLength))));
  return json::object{};
}

}  // namespace lamplighter::api
