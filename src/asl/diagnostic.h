// What is wrong with a state machine definition, and where.
#pragma once

#include <string>
#include <vector>

namespace lamplighter::asl {

/// As ValidateStateMachineDefinition gives it.
struct Diagnostic {
  enum class Severity { error, warning };
  Severity severity = Severity::error;
  std::string code = {};      ///< "SCHEMA_VALIDATION_FAILED", "MISSING_TRANSITION_TARGET", …
  std::string message = {};   ///< the service's words where they are known
  std::string location = {};  ///< "/States/Wait/Seconds"; "" where there is none
  bool ours = false;          ///< the service would accept it; it does not run here
  bool rule = false;          ///< it is refused, but would run
};
using Diagnostics = std::vector<Diagnostic>;

inline const char* to_string(Diagnostic::Severity severity) {
  return severity == Diagnostic::Severity::error ? "ERROR" : "WARNING";
}

/// Whether there is an error among them.
bool has_errors(const Diagnostics& diagnostics);

/// Whether any of them keeps the definition from being run.
bool is_unusable(const Diagnostics& diagnostics);

/// Leaves out what does not run here if the service itself has something to say: once that is mended, the
/// rest may look different.
void keep_the_services_own(Diagnostics& diagnostics);

/// The errors in one line, as CreateStateMachine's InvalidDefinition message has them.
std::string summary(const Diagnostics& diagnostics);

}  // namespace lamplighter::asl
