#include "console/print_listening.h"

#include <cstdio>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/shell_quoted.h"
#include "base/words.h"
#include "console/print.h"
#include "schedule/time_zone.h"
#include "tasks/protocol/action.h"

namespace lamplighter::console {
namespace {

std::string next_text(const scheduler::Standing& fleet) {
  if (!fleet.next) return fleet.schedules == 0 ? "" : "; none is ever due again";
  const auto local = schedule::to_local(fleet.timezone, fleet.next->due);
  return fmt::format("; next: {} \"{}\" on {:%a %Y-%m-%d at %H:%M} {}", tasks::to_string(fleet.next->action),
                     fleet.next->schedule, fmt::gmtime(local.time_since_epoch().count()), fleet.timezone);
}

void print_fleet(const scheduler::Standing& fleet) {
  print_line(stdout, "{} ({}{}): {}{}", fleet.fleet, fleet.path,
             fleet.refused.empty() ? "" : ", its last good copy, for it is broken",
             count_of(fleet.schedules, "schedule"), next_text(fleet));
}

}  // namespace

void print_daemon(const run::DaemonStanding& standing, bool signed_only) {
  for (const auto& fleet : standing.fleets) print_fleet(fleet);
  if (!signed_only) print_line(stdout, "Authentication is off: any program on this machine may use the API.");
  print_line(stdout, "Step Functions API at {} (state in {})", standing.url, standing.state_dir.string());
  std::fflush(stdout);
}

void print_simulated_cloud(const SimulatedCloud& cloud) {
  print_text(
      stdout,
      fmt::format("The simulated cloud of {} is at {} (seed {}, speed {}). Ctrl-C ends it.\n"
                  "Use it, for instance:\n"
                  "  export AWS_ENDPOINT_URL={} AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated\n"
                  "  lamplighter start --file {}{}\n"
                  "  curl {}/_lamplighter/outbox\n",
                  count_of(cloud.servers, "server"), cloud.url, cloud.seed, cloud.speed, cloud.url,
                  shell_quoted(cloud.fleet_file),
                  cloud.speed == 1 ? "" : fmt::format(" --speed {}", cloud.speed), cloud.url));
  std::fflush(stdout);
}

}  // namespace lamplighter::console
