#include "console/print_plan.h"

#include <algorithm>
#include <cstdio>

#include <fmt/ranges.h>

#include "console/print.h"
#include "console/terminal.h"
#include "console/words.h"

namespace lamplighter::console {
namespace {

void print_preview(const tasks::PhasePreview& preview) {
  std::size_t width = 8;
  for (const auto& server : preview.servers) width = std::max(width, width_of(server.name));
  for (const auto& server : preview.servers) {
    print_line(stdout, "    {:<{}}  {:<19}  {:<9}  {}", server.name, width, server.id, server.state,
               server.words);
  }
  for (const auto& missing : preview.missing) {
    print_line(stdout, "    {:<{}}  {:<19}  {:<9}  {}", missing.name, width, missing.id, "missing",
               missing.reason);
  }
  for (const auto& server : preview.left_alone) {
    print_line(stdout, "    {:<{}}  {:<19}  {:<9}  {}", server.name, width, server.id, "not ours",
               server.reason);
  }
  for (const auto& alarm : preview.alarms) {
    print_line(stdout, "    alarm {} of {}: {}", alarm.name, fmt::join(alarm.servers, ", "), alarm.words);
  }
  if (!preview.alarms_reason.empty()) print_line(stdout, "    alarms: {}", preview.alarms_reason);
}

void print_prospect(const run::Prospect& prospect) {
  if (!prospect.held.empty()) print_line(stdout, "  {}", prospect.held);
  if (!prospect.kept.empty()) print_line(stdout, "  {}", prospect.kept);
  if (!prospect.next) return;
  const auto& next = *prospect.next;
  print_line(stdout, "  next {} by schedule: {} {} (\"{}\"){}", tasks::to_string(next.action),
             local_time(next.timezone, next.due), next.timezone, next.schedule,
             next.skipped.empty() ? "" : "; skipped: " + next.skipped);
}

void print_environment(const run::Plan& plan, const std::string& name) {
  print_line(stdout, "{}", name);
  for (const auto& halted : plan.halted) {
    if (halted.name != name) continue;
    print_line(stdout, "  would be halted before anything is changed: {}{}",
               halted.phase.empty() ? "" : halted.phase + ": ", halted.reason);
  }
  const auto prospect = plan.prospects.environments.find(name);
  if (prospect != plan.prospects.environments.end()) print_prospect(prospect->second);
}

}  // namespace

void print_plan(const run::Plan& plan, const std::string& command) {
  std::string environment;
  for (const run::PlannedPhase& phase : plan.phases) {
    if (phase.environment != environment) {
      if (!environment.empty()) print_line(stdout, "");
      print_environment(plan, phase.environment);
    }
    environment = phase.environment;
    print_line(stdout, "  {}", phase.phase);
    if (phase.preview) {
      print_preview(*phase.preview);
    } else {
      print_line(stdout, "    can't be looked at: {}", phase.preview.error().message);
    }
  }
  print_line(stdout, "");
  if (!plan.prospects.paused.empty())
    print_line(stdout, "Schedules are {}. People may start and stop all the same.", plan.prospects.paused);
  for (const std::string& warning : plan.warnings) print_line(stdout, "Warning: {}", warning);
  print_line(stdout, "Nothing was changed. To do it: {}", command);
}

}  // namespace lamplighter::console
