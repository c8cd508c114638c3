// A look at what a start or stop would do; nothing is changed.
#pragma once

#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "machine/shape.h"
#include "tasks/preview.h"

namespace lamplighter::run {

/// One phase: what would happen, or why nobody can say.
struct PlannedPhase {
  std::string environment;
  std::string phase;
  Result<tasks::PhasePreview> preview;
};

std::vector<PlannedPhase> preview(aws::Caller& caller, Clock& clock, const machine::Shape& shape);

/// An object a phase.
json::array to_json(const std::vector<PlannedPhase>& phases);

/// Whether a phase would fail, or can't be looked at.
bool any_would_fail(const std::vector<PlannedPhase>& phases);

}  // namespace lamplighter::run
