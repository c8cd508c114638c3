#include "api/stepfunctions/diagnostics.h"

namespace lamplighter::api {

json::object to_json(const asl::Diagnostics& diagnostics, const DiagnosticsForm& form) {
  json::array shown;
  bool truncated = false;
  for (const auto& diagnostic : diagnostics) {
    if (diagnostic.severity != asl::Diagnostic::Severity::error && !form.with_warnings) continue;
    truncated = shown.size() >= form.max;
    if (truncated) break;
    json::object entry{{"severity", asl::to_string(diagnostic.severity)},
                       {"code", diagnostic.code},
                       {"message", diagnostic.message}};
    if (!diagnostic.location.empty()) entry["location"] = diagnostic.location;
    shown.push_back(std::move(entry));
  }
  return {{"result", asl::has_errors(diagnostics) ? "FAIL" : "OK"},
          {"diagnostics", std::move(shown)},
          {"truncated", truncated}};
}

}  // namespace lamplighter::api
