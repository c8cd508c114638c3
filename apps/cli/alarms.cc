// lamplighter alarms: what is muted where the fleet is, since when and by which execution.
#include <algorithm>
#include <memory>

#include <fmt/ranges.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "base/words.h"
#include "console/print.h"
#include "fleet/choose.h"
#include "fleet/load.h"
#include "run/cloud_access.h"
#include "run/exit_code.h"
#include "run/fleet_alarms.h"

namespace lamplighter::cli {
namespace {

struct AlarmsVerb {
  FleetOptions fleet;
  run::AwsOptions aws;
  run::AlarmOrder order;
  bool json = false;
};

void print_row(const run::FleetAlarm& alarm) {
  const auto& mark = alarm.mark;
  console::print_line(stdout, "{:<32} {:<14} {:<16} {:<20} {:<32} {}", alarm.name, alarm.region,
                      to_string(alarm.status), mark.since ? format_time(*mark.since).substr(0, 19) : "",
                      value_of(mark), mark.execution);
}

constexpr std::size_t kNamed = 10;

void tell_left_muted(std::vector<std::string> left) {
  if (left.empty()) return;
  const auto all = left.size();
  left.resize(std::min(all, kNamed));
  console::print_line(
      stderr,
      "lamplighter: {} muted, since not all of {} servers run: {}{}; --alarm NAME unmutes it all the same",
      count_of(all, "alarm") + (all == 1 ? " stays" : " stay"), all == 1 ? "its" : "their",
      fmt::join(left, ", "), all > kNamed ? fmt::format(" and {} more", all - kNamed) : "");
}

/// 1 where something could not be looked at or changed.
Result<int> show(const AlarmsVerb& options) {
  const fleet::Fleet fleet = TRY(fleet::load(options.fleet.file, options.fleet.region));
  run::AlarmOrder order = options.order;
  if (!options.fleet.environments.empty()) {
    for (const auto* one : TRY(fleet::choose(fleet, options.fleet.environments)))
      order.environments.push_back(one->name);
  }
  SystemClock clock;
  const auto access = TRY(run::CloudAccess::make(options.aws, clock));
  const auto found = run::fleet_alarms(access->session(), clock, fleet, order);
  if (options.json) {
    console::print_json(to_json(found));
  } else if (!found.alarms.empty()) {
    console::print_line(stdout, "{:<32} {:<14} {:<16} {:<20} {:<32} {}", "ALARM", "REGION", "STATUS",
                        "SINCE (UTC)", "FOR", "EXECUTION");
    for (const auto& alarm : found.alarms) print_row(alarm);
  } else if (found.troubles.empty()) {
    console::print_line(
        stdout, "{}",
        order.environments.empty() ? "No alarm is muted." : "No alarm of these is muted by this fleet.");
  }
  tell_left_muted(found.left);
  for (const auto& trouble : found.troubles) console::print_line(stderr, "lamplighter: {}", trouble);
  return found.troubles.empty() ? run::ExitCode::success : run::ExitCode::aborted;
}

}  // namespace

void add_alarms(CommandLine& line) {
  Verb verb = line.verb("alarms", "List the alarms that are muted where the fleet is");
  const auto options = std::make_shared<AlarmsVerb>();
  add_environments(verb, options->fleet);
  add_fleet_options(verb, options->fleet);
  add_aws_options(verb, options->aws);
  verb.flag(
      "--unmute", options->order.unmute,
      "Give those their voice that are muted for environments that the file no longer has, or for those "
      "that are named; where their servers run");
  verb.option(
          "--alarm", options->order.alarms,
          "Only this alarm, which --unmute then unmutes however its servers are; may be given several times")
      .called("NAME")
      .one_value_each();
  verb.flag(
      "--adopt", options->order.adopt,
      "Mark those of the fleet's servers that another tool left disabled, so that a start enables them");
  verb.flag("--json", options->json, "As a JSON array, an object an alarm");
  verb.footer(
      "Examples:\n  lamplighter alarms -f fleet.yaml\n  lamplighter alarms -f fleet.yaml --unmute --json\n"
      "  lamplighter alarms dev -f fleet.yaml --unmute\n  lamplighter alarms -f fleet.yaml --unmute --alarm "
      "'old1 cpu'");
  verb.runs([options] { return show(*options); });
}

}  // namespace lamplighter::cli
