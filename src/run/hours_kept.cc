#include "run/hours_kept.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/plain_text.h"
#include "engine/store/read_only_copy.h"
#include "run/desk.h"
#include "run/executions.h"
#include "run/hours_keeper.h"

namespace lamplighter::run {
namespace {

constexpr std::size_t kLongestMonth = 31;

using Rows = Result<std::vector<hours::Row>>;

Rows rows_of(const std::filesystem::path& directory, const HoursWanted& wanted, Time now) {
  const auto store = TRY(hours::Store::open(hours::file_in(directory)));
  const auto days = wanted.months ? *wanted.months * kLongestMonth : wanted.days;
  return store->rows(now - std::chrono::days(days - 1), now);
}

/// Of a directory that nobody may work in: what has ended is counted first.
Rows counted_rows(const std::filesystem::path& directory, const HoursWanted& wanted) {
  static const SystemClock clock;
  {
    const auto engine = open_to_look(directory.string());
    if (engine) CHECK_OK(count_hours(**engine, clock));
    if (!engine && engine.error().code != "StateDirectoryInUse") return tl::unexpected(engine.error());
  }
  return rows_of(directory, wanted, clock.now());
}

/// By the clock by which the hours there are counted. Where the directory can't be written to, they are
/// counted in a copy of it.
Rows all_rows(const HoursWanted& wanted) {
  const auto directory = TRY(state_directory(wanted.state_dir));
  if (const auto desk = TRY(desk_of_holder(wanted.state_dir)))
    return rows_of(directory, wanted, desk->clock().now());  // it counts by itself
  auto rows = counted_rows(directory, wanted);
  if (rows || !engine::calls_for_copy(rows.error())) return rows;
  const auto copy = TRY(
      engine::ReadOnlyCopy::make(directory, {"engine.db", hours::file_in(directory).filename().string()}));
  return counted_rows(copy.directory(), wanted);
}

}  // namespace

Result<std::vector<hours::Row>> hours_kept(const HoursWanted& wanted) {
  auto rows = TRY(all_rows(wanted));
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
