#include "tasks/protocol/membership.h"

#include <algorithm>

#include "json/reader.h"
#include "tasks/protocol/packed_ids.h"

namespace lamplighter::tasks {

std::vector<std::string> Membership::ids() const {
  std::vector<std::string> all;
  for (const auto& [state, ids] : first_states) all.insert(all.end(), ids.begin(), ids.end());
  std::sort(all.begin(), all.end());
  return all;
}

json::object to_json(const IdGroups& groups) {
  json::object object;
  for (const auto& [what, ids] : groups) object[what] = pack_ids(ids);
  return object;
}

Result<IdGroups> read_id_groups(const Reader& fields, std::string_view key) {
  IdGroups groups;
  if (!fields.find(key)) return groups;
  const auto members = TRY(fields.object(key));
  for (const auto& [what, unused] : members.members()) groups[what] = TRY(read_packed_ids(members, what));
  return groups;
}

json::object to_json(const Membership& membership) {
  json::object object{{"first_states", to_json(membership.first_states)}};
  if (!membership.left_alone.empty()) object["left_alone"] = to_json(membership.left_alone);
  return object;
}

Result<Membership> read_membership(const Reader& fields) {
  Membership membership;
  membership.first_states = TRY(read_id_groups(fields, "first_states"));
  membership.left_alone = TRY(read_id_groups(fields, "left_alone"));
  return membership;
}

json::object to_json(const Memberships& memberships) {
  json::object object;
  for (const auto& [phase, membership] : memberships) object[phase] = to_json(membership);
  return object;
}

Result<Memberships> read_memberships(const Reader& fields) {
  Memberships memberships;
  if (!fields.find("members")) return memberships;
  const auto members = TRY(fields.object("members"));
  for (const auto& [phase, unused] : members.members()) {
    memberships[phase] = TRY(read_membership(TRY(members.object(phase))));
  }
  return memberships;
}

}  // namespace lamplighter::tasks
