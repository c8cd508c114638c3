#include "run/override_table.h"

#include <filesystem>

#include <fmt/format.h>

#include "coordination/dynamodb_table.h"
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
  return OverrideTable{nullptr, nullptr, std::move(table)};
}

/// Where nothing ever ran, a table elsewhere is there all the same.
Result<OverrideTable> open_elsewhere(const tasks::Coordination& coordination) {
  static SystemClock clock;
  auto access = TRY(CloudAccess::make({}, clock));
  auto table = std::make_unique<coordination::DynamoDbTable>(
      access->session(), aws::Target{coordination.region, ""}, coordination.table);
  return OverrideTable{std::move(access), nullptr, std::move(table)};
}

}  // namespace

Result<OverrideTable> open_override_table(const Overruling& where, Purpose purpose) {
  using Kind = tasks::Coordination::Kind;
  const auto& coordination = where.fleet.coordination;
  if (coordination.kind == Kind::none) return no_table();
  auto desk = open_desk(where.place, purpose);
  if (desk) {
    auto table = TRY((*desk)->table(coordination));
    return OverrideTable{nullptr, *std::move(desk), std::move(table)};
  }
  if (desk.error().code != "NoExecutions") return tl::unexpected(desk.error());
  if (coordination.kind == Kind::table) return open_elsewhere(coordination);
  if (purpose == Purpose::change) return open_new(where.place.state_dir);
  return tl::unexpected(desk.error());
}

}  // namespace lamplighter::run
