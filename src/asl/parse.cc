#include "asl/parse.h"

#include <fmt/format.h>

#include "asl/fields.h"
#include "asl/parse_state.h"

namespace lamplighter::asl {
namespace {

constexpr std::size_t kMaxBytes = 1'048'576;
constexpr std::size_t kMaxDepth = 100;
constexpr std::int64_t kMaxSeconds = 99'999'999;

ParseResult refused(std::string code, std::string message) {
  return {nullptr, {{Diagnostic::Severity::error, std::move(code), std::move(message), ""}}};
}

void check_version(Fields& fields) {
  const auto version = fields.text("Version");
  if (version && *version != "1.0")
    fields.invalid(fmt::format("Found '{}', expected '1.0'", *version), "Version");
}

bool read_query_language(Fields& fields) {
  const auto language = fields.text("QueryLanguage");
  if (language && *language != "JSONata" && *language != "JSONPath") {
    fields.invalid(fmt::format("Found '{}', expected 'JSONata' or 'JSONPath'", *language), "QueryLanguage");
  }
  return language == "JSONata";
}

StateMachine parse_machine(const json::object& object, ParseContext& context) {
  StateMachine machine;
  Fields fields(object, "", context.diagnostics);
  check_version(fields);
  context.jsonata = read_query_language(fields);
  machine.comment = fields.text("Comment").value_or("");
  machine.timeout_seconds = fields.number("TimeoutSeconds", 1, kMaxSeconds).value_or(0);
  static_cast<States&>(machine) = parse_states(object, "", context);
  for (const auto* key : {"StartAt", "States"}) fields.get(key);
  for (const auto& key : fields.unknown()) {
    fields.warning("UNKNOWN_FIELD",
                   fmt::format("The field '{}' is not one of a state machine and has no effect", key), key);
  }
  return machine;
}

}  // namespace

ParseResult parse(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return refused("INVALID_JSON_DESCRIPTION",
                   fmt::format("The definition has {} bytes, expected at most {}", text.size(), kMaxBytes));
  }
  const auto value = parse_json(text, kMaxDepth, kMaxBytes);
  if (!value) return refused("INVALID_JSON_DESCRIPTION", value.error().message);
  const auto* object = value->if_object();
  if (!object) return refused("INVALID_JSON_DESCRIPTION", "The definition must be a JSON object");
  ParseContext context;
  auto machine = parse_machine(*object, context);
  ParseResult out{nullptr, std::move(context.diagnostics)};
  if (!has_errors(out.diagnostics)) out.definition = std::make_shared<const StateMachine>(std::move(machine));
  return out;
}

}  // namespace lamplighter::asl
