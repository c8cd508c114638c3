#include "api/stepfunctions/actions.h"
#include "api/stepfunctions/diagnostics.h"
#include "asl/parse.h"

namespace lamplighter::api {
namespace {

constexpr Range kDiagnosticsRange{0, 100};
constexpr std::size_t kDefaultDiagnostics = 100;

}  // namespace

Answer validate_state_machine_definition(engine::Engine& /*engine*/, const Parameters& parameters) {
  const auto definition = TRY(parameters.text("definition", kDefinitionLength));
  const auto type = TRY(machine_type(parameters));
  const auto severity = TRY(parameters.choice("severity", {"ERROR", "WARNING"}));
  const auto asked = TRY(parameters.number("maxResults", kDiagnosticsRange)).value_or(0);
  DiagnosticsForm form;
  form.with_warnings = severity == "WARNING";
  form.max = asked == 0 ? kDefaultDiagnostics : static_cast<std::size_t>(asked);
  return to_json(asl::parse(definition, type).diagnostics, form);
}

}  // namespace lamplighter::api
