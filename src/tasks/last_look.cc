#include "tasks/last_look.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "aws/client/error_codes.h"
#include "aws/client/limited_caller.h"
#include "tasks/managed.h"
#include "tasks/protocol/timeouts.h"
#include "tasks/target.h"
#include "tasks/words.h"

namespace lamplighter::tasks {
namespace {

// What is left of the task's time composes the answer, and covers a role that is being assumed at the end.
constexpr Duration kTimeToLook = kReportTimeout * 2 / 3;
constexpr std::size_t kNames = 10;
constexpr std::size_t kClauses = 10;

/// A phase with what its branch left of it.
struct Phase {
  const DescribedEnvironment* environment;
  const DescribedPhase* described;
  const Membership* members;  ///< nullptr where it was never admitted
};

/// The phases of one region and role.
class Place {
 public:
  void add(Phase phase) { phases_.push_back(phase); }

  /// Whether EC2 was asked to the end, or said that asking again is no use.
  bool look(const Context& context, Action action, Duration share);
  void tell(Sights& sights) const;

 private:
  [[nodiscard]] std::vector<std::string> member_ids() const;
  [[nodiscard]] Result<PhaseSight> sight_of(std::size_t index) const;
  [[nodiscard]] PhaseSight members_of(const Phase& phase) const;
  [[nodiscard]] std::vector<std::string> notes_on(const Phase& phase, const Found& found) const;

  std::vector<Phase> phases_;
  Result<Look> look_ = fail(ErrorKind::aws, "RequestTimeout", "no time was left to ask");
  Result<std::vector<Found>> found_ = fail(ErrorKind::aws, "RequestTimeout", "no time was left to ask");
};

/// The members come first: what there is else by the same names and tags is of less importance.
bool Place::look(const Context& context, Action action, Duration share) {
  const Clock& clock = context.clock;
  aws::LimitedCaller caller(context.caller, clock, clock.steady() + share);
  const Context limited{caller, context.clock};
  const aws::Target target = target_of(*phases_.front().environment);
  look_ = look_at(limited, target, member_ids(), action);
  if (!look_) {
    found_ = tl::unexpected(look_.error());
    return aws::find_error_code(look_.error().code).concern != aws::Concern::nobody;
  }
  std::vector<const Selector*> selectors;
  for (const auto& phase : phases_) selectors.push_back(&phase.described->servers);
  Ec2Directory directory(caller, target);
  found_ = find_servers(directory, selectors);
  return true;
}

std::vector<std::string> Place::member_ids() const {
  std::set<std::string> ids;
  for (const auto& phase : phases_) {
    if (phase.members == nullptr) continue;
    const auto members = phase.members->ids();
    ids.insert(members.begin(), members.end());
  }
  return {ids.begin(), ids.end()};
}

void Place::tell(Sights& sights) const {
  for (std::size_t i = 0; i < phases_.size(); ++i) {
    sights.insert_or_assign({phases_[i].environment->name, phases_[i].described->name}, sight_of(i));
  }
}

Result<PhaseSight> Place::sight_of(std::size_t index) const {
  const Phase& phase = phases_[index];
  if (phase.members != nullptr) {
    if (!look_) return tl::unexpected(look_.error());
    PhaseSight sight = members_of(phase);
    if (found_) sight.notes = notes_on(phase, found_->at(index));
    return sight;
  }
  if (!found_) return tl::unexpected(found_.error());
  PhaseSight sight;
  for (const auto& server : found_->at(index).servers) sight.servers.push_back({server, "", "", ""});
  sight.missing = found_->at(index).missing;
  return sight;
}

PhaseSight Place::members_of(const Phase& phase) const {
  const auto ids = phase.members->ids();
  const auto is_member = [&](const std::string& id) {
    return std::binary_search(ids.begin(), ids.end(), id);
  };
  PhaseSight sight;
  for (const auto& seen : look_->servers) {
    if (is_member(seen.id())) sight.servers.push_back(seen);
  }
  for (const auto& missing : look_->missing) {
    if (is_member(missing.id)) sight.missing.push_back(missing);
  }
  return sight;
}

std::vector<std::string> Place::notes_on(const Phase& phase, const Found& found) const {
  std::map<std::string, std::string> names;
  for (const auto& server : found.servers) names[server.instance.id] = server.name;
  Remarks remarks;
  std::set<std::string> known;
  for (const auto& [reason, ids] : phase.members->left_alone) {
    for (const auto& id : ids) {
      known.insert(id);
      remarks.emplace_back(names.contains(id) ? names[id] : id, reason + ", and was left alone");
    }
  }
  const auto ids = phase.members->ids();
  known.insert(ids.begin(), ids.end());
  for (const auto& server : found.servers) {
    if (known.contains(server.instance.id) || !manager_of(server.instance).empty()) continue;
    remarks.emplace_back(fmt::format("{} ({})", server.name, server.instance.id),
                         "appeared after the run had begun, and was not touched");
  }
  return clauses(remarks, kNames, kClauses);
}

std::map<aws::Target, Place> places_of(const ReportPayload& task, const std::vector<BranchEnd>& ends) {
  std::map<aws::Target, Place> places;
  for (const auto& environment : task.environments) {
    const auto end = std::find_if(ends.begin(), ends.end(),
                                  [&](const auto& one) { return one.environment == environment.name; });
    if (end == ends.end()) continue;
    for (const auto& phase : environment.phases) {
      const auto members = end->members.find(phase.name);
      places[target_of(environment)].add(
          {&environment, &phase, members == end->members.end() ? nullptr : &members->second});
    }
  }
  return places;
}

}  // namespace

Sights look_at_all(const Context& context, const ReportPayload& task, const std::vector<BranchEnd>& ends) {
  auto places = places_of(task, ends);
  const Time end = context.clock.steady() + kTimeToLook;
  std::vector<Place*> to_look;
  for (auto& [target, place] : places) to_look.push_back(&place);
  // Those that could not be asked get a second chance, after all others had their first.
  for (int round = 0; round < 2; ++round) {
    std::vector<Place*> again;
    auto left = static_cast<Duration::rep>(to_look.size());
    for (Place* place : to_look) {
      const Duration share = (end - context.clock.steady()) / left--;
      if (share > Duration::zero() && !place->look(context, task.action, share)) again.push_back(place);
    }
    to_look = std::move(again);
  }
  Sights sights;
  for (const auto& [target, place] : places) place.tell(sights);
  return sights;
}

}  // namespace lamplighter::tasks
