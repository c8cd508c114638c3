// A look at what a start or stop would do; nothing is changed.
#pragma once

#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "machine/shape.h"
#include "run/prospect.h"
#include "tasks/preview.h"
#include "tasks/protocol/survey.h"

namespace lamplighter::run {

/// One phase: what would happen, or why nobody can say.
struct PlannedPhase {
  std::string environment;
  std::string phase;
  Result<tasks::PhasePreview> preview;
};

/// All phases, and what the survey would say before the first change.
struct Plan {
  std::vector<PlannedPhase> phases;
  std::vector<tasks::EnvironmentVerdict> halted;  ///< environments that would not be touched, and why
  std::vector<std::string> warnings;
  Prospects prospects;  ///< of the environments

  /// Whether an environment would halt, or a phase can't be looked at.
  [[nodiscard]] bool any_would_fail() const;
};

/// `shape` is the whole fleet's; `chosen` as a run's input would name them.
Plan preview(aws::Caller& caller, Clock& clock, const machine::Shape& shape,
             const std::vector<std::string>& chosen);

/// An object a phase; `halted` is what the survey would say of its environment.
json::array to_json(const Plan& plan);

}  // namespace lamplighter::run
