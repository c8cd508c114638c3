#include "run/override_table.h"

#include <filesystem>

#include <fmt/format.h>

#include "coordination/sqlite_table.h"
#include "run/executions.h"

namespace lamplighter::run {
namespace {

Result<OverrideTable> open_new(const std::string& state_dir) {
  const auto directory = TRY(state_directory(state_dir));
  std::error_code trouble;
  if (std::filesystem::create_directories(directory, trouble))
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, trouble);
  if (trouble) {
    return fail(ErrorKind::bad_input, "NoStateDirectory",
                fmt::format("{} could not be made: {}", directory.string(), trouble.message()));
  }
  auto table = TRY(coordination::SqliteTable::open(coordination::file_in(directory)));
  return OverrideTable{nullptr, std::move(table)};
}

}  // namespace

Result<OverrideTable> open_override_table(const Overruling& where, Purpose purpose) {
  const auto& coordination = where.fleet.coordination;
  auto desk = open_desk(where.place, purpose);
  if (!desk) {
    const bool is_new = desk.error().code == "NoExecutions" && purpose == Purpose::change;
    if (is_new && coordination.kind == tasks::Coordination::Kind::engine)
      return open_new(where.place.state_dir);
    return tl::unexpected(desk.error());
  }
  auto table = TRY((*desk)->table(coordination));
  return OverrideTable{*std::move(desk), std::move(table)};
}

}  // namespace lamplighter::run
