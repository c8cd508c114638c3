// What is wrong with a state machine definition, and where.
#pragma once

#include <string>
#include <vector>

namespace lamplighter::asl {

/// As ValidateStateMachineDefinition gives it.
struct Diagnostic {
  enum class Severity { error, warning };
  Severity severity = Severity::error;
  std::string code;      ///< "SCHEMA_VALIDATION_FAILED", "MISSING_TRANSITION_TARGET", …
  std::string message;   ///< what was found and what is to be written instead
  std::string location;  ///< a JSON pointer: "/States/Wait/Seconds"
};
using Diagnostics = std::vector<Diagnostic>;

inline const char* to_string(Diagnostic::Severity severity) {
  return severity == Diagnostic::Severity::error ? "ERROR" : "WARNING";
}

/// Whether there is an error among them.
bool has_errors(const Diagnostics& diagnostics);

/// The errors in one line, as CreateStateMachine's InvalidDefinition message has them.
std::string summary(const Diagnostics& diagnostics);

}  // namespace lamplighter::asl
