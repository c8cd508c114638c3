// lamplighter hours: how long environments ran and were stopped.
#include <cstdint>
#include <memory>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "console/print_hours.h"
#include "run/hours_kept.h"

namespace lamplighter::cli {
namespace {

struct HoursVerb {
  run::HoursWanted wanted;
  std::uint16_t days = 7;
  std::uint16_t months = 0;
  bool json = false;
};

Status hours(HoursVerb& options) {
  options.wanted.days = options.days;
  if (options.months > 0) options.wanted.months = options.months;
  const auto rows = TRY(run::hours_kept(options.wanted));
  if (options.json) {
    console::print_json(console::to_json(rows));
  } else {
    console::print_hours(rows);
  }
  return {};
}

}  // namespace

void add_hours(CommandLine& line) {
  Verb verb = line.verb("hours", "Say how long environments ran and were stopped, by day or month");
  const auto options = std::make_shared<HoursVerb>();
  verb.option("environments", options->wanted.environments, "Which environments; all where none is named")
      .called("ENV");
  const Option days =
      verb.option("--days", options->days, "How many days, with today").shows_default().between(1, 1096);
  verb.option("--months", options->months, "Instead of days: so many months, each in one row")
      .between(1, 36)
      .excludes(days);
  verb.flag("--json", options->json, "As a JSON array, an object a row");
  add_state_dir(verb, options->wanted.state_dir);
  verb.footer("Examples:\n  lamplighter hours\n  lamplighter hours dev --months 12 --json");
  verb.runs([options] { return hours(*options); });
}

}  // namespace lamplighter::cli
