#include "fleet/warnings.h"

#include <algorithm>

namespace lamplighter::fleet {

Schedule warning_of(const Schedule& schedule) {
  Schedule warning = schedule;
  warning.ahead = schedule.warn;
  warning.flexible_window = Duration::zero();
  warning.late = schedule.warn;
  warning.retry.age = std::min(schedule.retry.age, schedule.warn);
  return warning;
}

std::vector<Schedule> warnings_of(const Fleet& fleet) {
  std::vector<Schedule> warnings;
  for (const Schedule& schedule : fleet.schedules) {
    if (schedule.warn > Duration::zero()) warnings.push_back(warning_of(schedule));
  }
  return warnings;
}

}  // namespace lamplighter::fleet
