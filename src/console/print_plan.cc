#include "console/print_plan.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lamplighter::console {
namespace {

void print_preview(const tasks::PhasePreview& preview) {
  std::size_t width = 8;
  for (const auto& server : preview.servers) width = std::max(width, server.name.size());
  for (const auto& server : preview.servers) {
    fmt::print("    {:<{}}  {:<19}  {:<9}  {}\n", server.name, width, server.id, server.state, server.words);
  }
  for (const auto& missing : preview.missing) {
    fmt::print("    {:<{}}  {:<19}  {:<9}  {}\n", missing.name, width, missing.id, "missing", missing.reason);
  }
  for (const auto& alarm : preview.alarms) {
    fmt::print("    alarm {} of {}: {}\n", alarm.name, fmt::join(alarm.servers, ", "), alarm.words);
  }
  if (!preview.alarms_reason.empty()) fmt::print("    alarms: {}\n", preview.alarms_reason);
}

}  // namespace

void print_plan(const machine::Shape& shape, const std::vector<run::PlannedPhase>& phases) {
  std::string environment;
  for (const run::PlannedPhase& phase : phases) {
    if (phase.environment != environment)
      fmt::print("{}{}\n", environment.empty() ? "" : "\n", phase.environment);
    environment = phase.environment;
    fmt::print("  {}\n", phase.phase);
    if (phase.preview) {
      print_preview(*phase.preview);
    } else {
      fmt::print("    can't be looked at: {}\n", phase.preview.error().message);
    }
  }
  fmt::print("\nNothing was changed. To do it: lamplighter {} -f …\n", tasks::to_string(shape.action));
}

}  // namespace lamplighter::console
