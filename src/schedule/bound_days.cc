#include "schedule/bound_days.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lamplighter::schedule {

Verdict BoundDays::verdict(std::chrono::local_days day) const {
  if (!binds()) return {};
  if (day > until) return {.known = false};
  const auto holds = [&](const NamedDays& named) { return named.days.holds(day); };
  const auto excepted = std::find_if(except.begin(), except.end(), holds);
  if (excepted != except.end()) {
    return {.runs = false, .calendar = excepted->name, .reason = fmt::format("not on {}", excepted->name)};
  }
  if (only.empty() || std::any_of(only.begin(), only.end(), holds)) return {};
  std::vector<std::string> names;
  for (const NamedDays& named : only) names.push_back(named.name);
  return {.runs = false,
          .calendar = names.size() == 1 ? names.front() : "",
          .reason = fmt::format("not in {}", fmt::join(names, ", "))};
}

}  // namespace lamplighter::schedule
