#include "asl/parse.h"

#include <fmt/format.h>

#include "asl/fields.h"
#include "asl/json_problem.h"
#include "asl/parse_state.h"
#include "asl/schema.h"
#include "base/limits.h"

namespace lamplighter::asl {
namespace {

constexpr std::size_t kMaxDepth = 100;
constexpr std::int64_t kMaxSeconds = 99'999'999;

ParseResult refused(std::string message, std::string location = "") {
  return {
      nullptr,
      {{Diagnostic::Severity::error, "INVALID_JSON_DESCRIPTION", std::move(message), std::move(location)}}};
}

ParseResult no_json(std::string_view text, const Error& error) {
  const auto problem = unrecognized_token(text);
  if (!problem) return refused(error.message);
  return refused(fmt::format("{}\n at {}", problem->message, problem->place), problem->place);
}

void check_version(Fields& fields) {
  const auto version = fields.text("Version");
  if (version && *version != "1.0") fields.rule("Value should be one of the following: [1.0]", "Version");
}

StateMachine parse_machine(const json::object& object, ParseContext& context) {
  StateMachine machine;
  Fields fields(object, "", context.diagnostics);
  check_fields(fields, Part::machine, Dialect::both);
  check_version(fields);
  context.jsonata = reads_jsonata(fields, false);
  machine.comment = fields.text("Comment").value_or("");
  machine.timeout_seconds = fields.number("TimeoutSeconds", 1, kMaxSeconds).value_or(0);
  static_cast<States&>(machine) = parse_states(object, "", context);
  return machine;
}

/// The definition, whatever is wrong with it, and all that is.
ParseResult read(std::string_view text, MachineType type) {
  if (text.size() > limits::kDefinitionBytes) {
    return refused(fmt::format("The definition has {} bytes, expected at most {}", text.size(),
                               limits::kDefinitionBytes));
  }
  const auto value = parse_json(text, kMaxDepth, limits::kDefinitionBytes);
  if (!value) return no_json(text, value.error());
  const auto* object = value->if_object();
  if (!object) return refused("The definition must be a JSON object");
  ParseContext context;
  context.express = type == MachineType::express;
  auto machine = std::make_shared<const StateMachine>(parse_machine(*object, context));
  return {std::move(machine), std::move(context.diagnostics)};
}

}  // namespace

ParseResult parse(std::string_view text, MachineType type) {
  auto out = read(text, type);
  keep_the_services_own(out.diagnostics);
  if (has_errors(out.diagnostics)) out.definition = nullptr;
  return out;
}

ParseResult parse_accepted(std::string_view text) {
  auto out = read(text, MachineType::standard);
  if (is_unusable(out.diagnostics)) out.definition = nullptr;
  return out;
}

}  // namespace lamplighter::asl
