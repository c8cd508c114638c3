#include "run/preview.h"

#include <algorithm>

namespace lamplighter::run {

std::vector<PlannedPhase> preview(aws::Caller& caller, Clock& clock, const machine::Shape& shape) {
  const tasks::Context context{caller, clock};
  std::vector<PlannedPhase> phases;
  for (const machine::EnvironmentShape& environment : shape.environments) {
    for (const machine::PhaseShape& phase : environment.phases) {
      phases.push_back({environment.name, phase.name, tasks::preview_phase(context, phase.payload)});
    }
  }
  return phases;
}

json::array to_json(const std::vector<PlannedPhase>& phases) {
  json::array out;
  for (const PlannedPhase& phase : phases) {
    if (phase.preview) {
      out.push_back(tasks::to_json(*phase.preview));
    } else {
      out.push_back(json::object{{"environment", phase.environment},
                                 {"phase", phase.phase},
                                 {"error", phase.preview.error().message}});
    }
  }
  return out;
}

bool any_would_fail(const std::vector<PlannedPhase>& phases) {
  return std::any_of(phases.begin(), phases.end(), [](const PlannedPhase& phase) {
    return !phase.preview || !phase.preview->missing.empty();
  });
}

}  // namespace lamplighter::run
