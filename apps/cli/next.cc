// lamplighter next: what schedules will do: a fleet file's, the daemon's, or those on AWS.
#include <algorithm>
#include <cstdint>
#include <memory>

#include <fmt/format.h>

#include "apps/cli/overruling.h"
#include "apps/cli/verbs.h"
#include "base/plain_text.h"
#include "console/print.h"
#include "console/print_agenda.h"
#include "console/report_error.h"
#include "fleet/choose.h"
#include "fleet/load.h"
#include "run/agenda.h"

namespace lamplighter::cli {
namespace {

constexpr std::size_t kMost = 10'000;  // occurrences: what people and programs can still take

struct NextVerb {
  PlaceOptions place;
  std::uint16_t days = 7;
  std::string from;
  bool json = false;
};

Result<Time> first_moment(const std::string& from, Time now) {
  if (from.empty()) return now;
  if (const auto moment = parse_time(from)) return *moment;
  return fail(
      ErrorKind::bad_input, "Usage",
      fmt::format("found --from {}, expected a moment such as 2026-11-24T06:00:00Z", plain_line(from)));
}

/// Of the file that is named, of the deployment, or of the daemon.
Result<run::Agenda> agenda_of(const NextVerb& options) {
  const FleetOptions& named = options.place.fleet;
  if (options.place.cloud || named.file.empty()) {
    PlaceOptions place = options.place;
    if (place.fleet.file.empty()) place.fleet.file = kFleetFile;
    return run::agenda_at(TRY(place_of(place)));
  }
  const fleet::Fleet fleet = TRY(fleet::load(named.file, named.region));
  CHECK_OK(fleet::choose(fleet, named.environments));
  const Time now = SystemClock().now();
  auto agenda = TRY(run::agenda_of(fleet, now, TRY(first_moment(options.from, now))));
  run::add_overrides(agenda, overruling_of(options.place, fleet));
  return agenda;
}

Status next(const NextVerb& options) {
  const run::Agenda agenda = TRY(agenda_of(options));
  const Time from = TRY(first_moment(options.from, agenda.now));
  const auto entries = run::entries_of(agenda, options.place.fleet.environments, from,
                                       from + std::chrono::days(options.days), kMost);
  if (options.json) {
    console::print_json(console::to_json(agenda, entries));
  } else {
    console::print_agenda(agenda, entries);
  }
  for (const std::string& trouble : agenda.troubles) console::report_trouble("warning: " + trouble);
  const auto is_due = [](const run::AgendaEntry& one) { return one.upcoming.outlook == fleet::Outlook::due; };
  if (static_cast<std::size_t>(std::count_if(entries.begin(), entries.end(), is_due)) >= kMost)
    console::report_trouble(fmt::format("warning: these are the first {}; ask for fewer --days", kMost));
  return {};
}

}  // namespace

void add_next(CommandLine& line) {
  Verb verb = line.verb("next", "List what schedules will do, and when");
  const auto options = std::make_shared<NextVerb>();
  PlaceOptions& place = options->place;
  add_environments(verb, place.fleet);
  verb.option("-f,--file", place.fleet.file,
              "The fleet file, - for standard input; without it what the daemon fires")
      .called("FILE");
  verb.option("--region", place.fleet.region, "Instead of the file's own top-level region");
  verb.flag("--cloud", place.cloud, "Of the fleet's deployment on AWS (fleet.yaml's where none is named)");
  add_state_dir(verb, place.state_dir);
  add_aws_options(verb, place.aws);
  verb.option("--days", options->days, "How far to look").shows_default().between(1, 366);
  verb.option("--from", options->from, "The moment from which to look, instead of now");
  verb.flag("--json", options->json, "As a JSON array, an object an occurrence");
  verb.footer(
      "Examples:\n"
      "  lamplighter next\n"
      "  lamplighter next -f fleet.yaml\n"
      "  lamplighter next dev -f fleet.yaml --days 2 --from 2027-03-13T00:00:00Z");
  verb.runs([options] { return next(*options); });
}

}  // namespace lamplighter::cli
