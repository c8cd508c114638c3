#include "tasks/protocol/lease.h"

#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kCoordination = "coordination";
constexpr std::string_view kLease = "lease";
constexpr std::string_view kLeases = "leases";
constexpr std::string_view kEngine = "engine";
constexpr std::string_view kNone = "none";
constexpr std::int64_t kMostGenerations = std::int64_t{1} << 50U;
constexpr std::int64_t kOldest = std::int64_t{1} << 30U;

}  // namespace

std::string_view to_string(OnConflict on_conflict) {
  switch (on_conflict) {
    case OnConflict::takeover:
      return "takeover";
    case OnConflict::wait:
      return "wait";
    case OnConflict::refuse:
      return "refuse";
  }
  return "";
}

std::optional<OnConflict> parse_on_conflict(std::string_view word) {
  for (const auto one : {OnConflict::takeover, OnConflict::wait, OnConflict::refuse}) {
    if (word == to_string(one)) return one;
  }
  return std::nullopt;
}

json::value to_json(const Coordination& coordination) {
  switch (coordination.kind) {
    case Coordination::Kind::engine:
      return json::string(kEngine);
    case Coordination::Kind::none:
      return json::string(kNone);
    case Coordination::Kind::table:
      break;
  }
  json::object table{{"table", coordination.table}};
  if (!coordination.region.empty()) table["region"] = coordination.region;
  return table;
}

json::value to_json(const BranchLease& lease) {
  if (lease.generation == 0) return nullptr;
  return json::object{{"generation", lease.generation}, {"age", lease.age}};
}

json::object to_json(const Generations& leases) {
  json::object object;
  for (const auto& [environment, generation] : leases) object[environment] = generation;
  return object;
}

Result<OnConflict> read_on_conflict(const Reader& fields) {
  const auto word = TRY(fields.optional_text("on_conflict"));
  if (word.empty()) return OnConflict::takeover;
  if (const auto read = parse_on_conflict(word)) return *read;
  return fields.unexpected("on_conflict", R"("takeover", "wait" or "refuse")");
}

Result<Coordination> read_coordination(const Reader& fields) {
  const json::value* found = fields.find(kCoordination);
  if (found == nullptr || *found == json::value(kEngine)) return Coordination{};
  if (*found == json::value(kNone)) return Coordination{Coordination::Kind::none, {}, {}};
  if (!found->is_object()) return fields.unexpected(kCoordination, R"("engine", "none" or a table)");
  const Reader table = TRY(fields.object(kCoordination));
  return Coordination{Coordination::Kind::table, TRY(table.nonempty_text("table")),
                      TRY(table.optional_text("region"))};
}

Result<BranchLease> read_branch_lease(const Reader& fields) {
  const json::value* found = fields.find(kLease);
  if (found == nullptr || found->is_null()) return BranchLease{};
  const Reader lease = TRY(fields.object(kLease));
  return BranchLease{static_cast<std::uint64_t>(TRY(lease.whole_number("generation", 0, kMostGenerations))),
                     static_cast<int>(TRY(lease.optional_count("age", kOldest)))};
}

Result<Generations> read_generations(const Reader& fields) {
  Generations leases;
  const json::value* found = fields.find(kLeases);
  if (found == nullptr || found->is_null()) return leases;
  const Reader object = TRY(fields.object(kLeases));
  for (const auto& member : object.members()) {
    leases[std::string(member.key())] =
        static_cast<std::uint64_t>(TRY(object.whole_number(member.key(), 0, kMostGenerations)));
  }
  return leases;
}

}  // namespace lamplighter::tasks
