#include "run/hours_kept.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/plain_text.h"
#include "run/desk.h"
#include "run/executions.h"
#include "run/hours_keeper.h"

namespace lamplighter::run {
namespace {

constexpr std::size_t kLongestMonth = 31;

/// What the clock shows by which the hours there are counted.
Result<Time> catch_up(const std::string& state_dir) {
  static const SystemClock clock;
  if (const auto desk = TRY(desk_of_holder(state_dir))) return desk->clock().now();  // it counts by itself
  const auto engine = open_to_look(state_dir);
  if (engine) CHECK_OK(count_hours(**engine, clock));
  if (!engine && engine.error().code != "StateDirectoryInUse") return tl::unexpected(engine.error());
  return clock.now();
}

}  // namespace

Result<std::vector<hours::Row>> hours_kept(const HoursWanted& wanted) {
  const Time now = TRY(catch_up(wanted.state_dir));
  const auto store = TRY(hours::Store::open(hours::file_in(TRY(state_directory(wanted.state_dir)))));
  const auto days = wanted.months ? *wanted.months * kLongestMonth : wanted.days;
  auto rows = TRY(store->rows(now - std::chrono::days(days - 1), now));
  const auto& names = wanted.environments;
  for (const auto& name : names) {
    const auto is_it = [&](const hours::Row& row) { return row.environment == name; };
    if (std::any_of(rows.begin(), rows.end(), is_it)) continue;
    return fail(ErrorKind::bad_input, "NoHours",
                fmt::format("found no hours of \"{}\" in that time", plain_line(name)));
  }
  std::erase_if(rows, [&](const hours::Row& row) {
    return !names.empty() && std::find(names.begin(), names.end(), row.environment) == names.end();
  });
  return wanted.months ? hours::by_month(rows, *wanted.months) : rows;
}

}  // namespace lamplighter::run
