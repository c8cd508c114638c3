// Which servers a phase has, as admit fixed it: an execution works on these and on no others, whatever is
// found under the same names and tags later.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/json.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

/// Instance ids by what they have in common.
using IdGroups = std::map<std::string, std::vector<std::string>>;

struct Membership {
  IdGroups first_states{};  ///< the members, by their state when the environment was admitted
  IdGroups left_alone{};    ///< what is another's to start and stop, by the reason

  [[nodiscard]] std::vector<std::string> ids() const;  ///< the members, sorted

  friend bool operator==(const Membership&, const Membership&) = default;
};

/// By phase.
using Memberships = std::map<std::string, Membership>;

json::object to_json(const IdGroups& groups);
Result<IdGroups> read_id_groups(const Reader& fields, std::string_view key);  ///< empty where it is missing

/// {"first_states": {"stopped": packed ids}, "left_alone": {"…": packed ids}}; the latter where there is any.
json::object to_json(const Membership& membership);
Result<Membership> read_membership(const Reader& fields);

json::object to_json(const Memberships& memberships);
/// The member "members"; empty where it is missing.
Result<Memberships> read_memberships(const Reader& fields);

}  // namespace lamplighter::tasks
