// How leases travel through a machine (docs/tasks.md): where they lie, and what a branch knows of its own.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

/// Where runs agree on who acts: the fleet file's `coordination`.
struct Coordination {
  enum class Kind {
    engine,  ///< with the engine that runs the machine; where that has none, nowhere
    table,   ///< in a DynamoDB table
    none
  };
  Kind kind = Kind::engine;
  std::string table;   ///< its name
  std::string region;  ///< "" for the handler's own

  friend bool operator==(const Coordination&, const Coordination&) = default;
};

/// What to do where another execution holds the environment. The same action is always waited for.
enum class OnConflict { takeover, wait, refuse };
std::string_view to_string(OnConflict on_conflict);
/// nullopt for any other word.
std::optional<OnConflict> parse_on_conflict(std::string_view word);

/// The error of a lease that could not be changed for others' sake; it passes.
inline constexpr std::string_view kLeaseContended = "LeaseContended";

/// A branch's lease. Generation 0: it has none, nor does it need one.
struct BranchLease {
  std::uint64_t generation = 0;
  int age = 0;  ///< seconds since it was last renewed, at least

  friend bool operator==(const BranchLease&, const BranchLease&) = default;
};

/// The leases of several environments, by name: their generations.
using Generations = std::map<std::string, std::uint64_t>;

/// "engine", "none", or {"table": …, "region": …}.
json::value to_json(const Coordination& coordination);
/// null for none.
json::value to_json(const BranchLease& lease);

/// {"dev": 3}.
json::object to_json(const Generations& leases);

/// The members "on_conflict", "coordination", "lease" and "leases"; a payload of before there were leases has
/// none. Errors: as Reader's.
Result<OnConflict> read_on_conflict(const Reader& fields);
Result<Coordination> read_coordination(const Reader& fields);
Result<BranchLease> read_branch_lease(const Reader& fields);
Result<Generations> read_generations(const Reader& fields);

}  // namespace lamplighter::tasks
