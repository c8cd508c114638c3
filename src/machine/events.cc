#include "machine/events.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/limits.h"
#include "fleet/recipients.h"
#include "tasks/protocol/event_budget.h"

namespace lamplighter::machine {
namespace {

bool chosen(const std::vector<std::string>& environments, const std::string& name) {
  return environments.empty() ||
         std::find(environments.begin(), environments.end(), name) != environments.end();
}

struct Extent {
  int environments = 0;
  int phases = 0;
  int recipients = 0;

  [[nodiscard]] long events_left() const { return tasks::events_left(environments, phases, 0, recipients); }
};

Extent extent_of(const fleet::Fleet& fleet, const std::vector<std::string>& environments) {
  Extent extent;
  extent.recipients = static_cast<int>(fleet::told_of_runs(fleet).size());
  for (const fleet::Environment& environment : fleet.environments) {
    if (!chosen(environments, environment.name)) continue;
    ++extent.environments;
    extent.phases += static_cast<int>(environment.phases.size());
  }
  return extent;
}

}  // namespace

long most_events(const fleet::Fleet& fleet, const std::vector<std::string>& environments, int looks) {
  const Extent extent = extent_of(fleet, environments);
  return limits::kHistoryEvents - extent.events_left() + extent.phases * looks * tasks::kLookEvents;
}

Result<int> looks_for(const fleet::Fleet& fleet, const std::vector<std::string>& environments) {
  const Extent extent = extent_of(fleet, environments);
  const int looks = tasks::looks_for(extent.events_left(), extent.phases);
  if (looks >= tasks::kFewestLooks) return looks;
  return fail(ErrorKind::bad_input, "TooManyEvents",
              fmt::format("an execution over {} environments with {} phases could have {} events, the limit "
                          "is {}: make two fleet files of it",
                          extent.environments, extent.phases,
                          most_events(fleet, environments, tasks::kFewestLooks), limits::kHistoryEvents));
}

}  // namespace lamplighter::machine
