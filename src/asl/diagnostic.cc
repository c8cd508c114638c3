#include "asl/diagnostic.h"

#include <algorithm>

#include <fmt/format.h>

namespace lamplighter::asl {

bool has_errors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Diagnostic::Severity::error;
  });
}

bool is_unusable(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Diagnostic::Severity::error && !diagnostic.rule;
  });
}

void keep_the_services_own(Diagnostics& diagnostics) {
  const bool refused = std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Diagnostic::Severity::error && !diagnostic.ours;
  });
  if (!refused) return;
  std::erase_if(diagnostics, [](const Diagnostic& diagnostic) { return diagnostic.ours; });
}

std::string summary(const Diagnostics& diagnostics) {
  std::string out;
  for (const auto& diagnostic : diagnostics) {
    if (diagnostic.severity != Diagnostic::Severity::error) continue;
    out += fmt::format("{}{}: {} at {}", out.empty() ? "" : ", ", diagnostic.code, diagnostic.message,
                       diagnostic.location.empty() ? "null" : diagnostic.location);
  }
  return out;
}

}  // namespace lamplighter::asl
