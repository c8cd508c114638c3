// lamplighter next: what a fleet file's schedules will do.
#include <algorithm>
#include <cstdint>
#include <memory>

#include <fmt/format.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "console/print_upcoming.h"
#include "console/report_error.h"
#include "fleet/choose.h"
#include "fleet/load.h"
#include "fleet/upcoming.h"

namespace lamplighter::cli {
namespace {

constexpr std::size_t kMost = 10'000;  // occurrences: what people and programs can still take

struct NextVerb {
  FleetOptions fleet;
  std::uint16_t days = 7;
  std::string from;
  bool json = false;
};

Result<Time> first_moment(const std::string& from) {
  if (from.empty()) return SystemClock().now();
  if (const auto moment = parse_time(from)) return *moment;
  return fail(ErrorKind::bad_input, "Usage",
              fmt::format("found --from {}, expected a moment such as 2026-11-24T06:00:00Z", from));
}

Status next(const NextVerb& options) {
  const fleet::Fleet fleet = TRY(fleet::load(options.fleet.file, options.fleet.region));
  CHECK_OK(fleet::choose(fleet, options.fleet.environments));
  const Time from = TRY(first_moment(options.from));
  const auto upcoming = fleet::upcoming(fleet::schedules_of(fleet, options.fleet.environments), from,
                                        from + std::chrono::days(options.days), kMost);
  if (options.json) {
    console::print_json(console::to_json(fleet, upcoming));
  } else {
    console::print_upcoming(fleet, upcoming);
  }
  const auto is_due = [](const fleet::Upcoming& one) { return one.outlook == fleet::Outlook::due; };
  if (static_cast<std::size_t>(std::count_if(upcoming.begin(), upcoming.end(), is_due)) >= kMost)
    console::report_trouble(fmt::format("warning: these are the first {}; ask for fewer --days", kMost));
  return {};
}

}  // namespace

void add_next(CommandLine& line) {
  Verb verb = line.verb("next", "List what a fleet file's schedules will do, and when");
  const auto options = std::make_shared<NextVerb>();
  add_environments(verb, options->fleet);
  verb.option("-f,--file", options->fleet.file, "The fleet file; - for standard input").required();
  verb.option("--region", options->fleet.region, "Instead of the file's own top-level region");
  verb.option("--days", options->days, "How far to look").shows_default().between(1, 366);
  verb.option("--from", options->from, "The moment from which to look, instead of now");
  verb.flag("--json", options->json, "As a JSON array, an object an occurrence");
  verb.footer(
      "Examples:\n"
      "  lamplighter next -f fleet.yaml\n"
      "  lamplighter next dev -f fleet.yaml --days 2 --from 2027-03-13T00:00:00Z");
  verb.runs([options] { return next(*options); });
}

}  // namespace lamplighter::cli
