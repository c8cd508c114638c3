#include "tasks/lookout.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "aws/client/limited_caller.h"
#include "json/json.h"
#include "tasks/refusal.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kFilterValues = 200;  // a DescribeInstances call takes
constexpr std::size_t kStatusIds = 100;     // a DescribeInstanceStatus call takes
constexpr std::size_t kChanged = 100;       // servers of a StartInstances or StopInstances
constexpr Duration kFoundLife = std::chrono::seconds{5};
constexpr Duration kPatience = std::chrono::seconds{5};
constexpr Duration kSoon = SharedAnswers<aws::Instance>::kLife;
constexpr Duration kOverdue = std::chrono::minutes{1};

template <class Seen>
std::map<std::string, Seen> by_id(std::vector<Seen> all) {
  std::map<std::string, Seen> map;
  for (auto& seen : all) {
    std::string id = seen.id;
    map.emplace(std::move(id), std::move(seen));
  }
  return map;
}

std::vector<aws::Instance> together(const std::map<std::string, std::vector<aws::Instance>>& parts) {
  std::vector<aws::Instance> all;
  for (const auto& [key, part] : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

std::string_view api_of(Action action) {
  return action == Action::start ? "ec2:StartInstances" : "ec2:StopInstances";
}

Lookout::Place::Place(const Clock& clock)
    : instances(kFilterValues, clock),
      statuses(kStatusIds, clock),
      names(kFilterValues, clock, kFoundLife),
      tags(1, clock, kFoundLife),
      starts(kChanged, clock),
      stops(kChanged, clock) {}

/// The ids that other phases are about to look at. `but` has come.
Lookout::Ids Lookout::Place::due(const Ids& but, bool checks, Time now) {
  const MutexLock lock(mutex);
  if (!but.empty() && !checks) expected.erase(but.front());
  std::erase_if(expected, [&](const auto& entry) { return entry.second.at + kOverdue < now; });
  Ids ids;
  for (const auto& [first, phase] : expected) {
    if (phase.at > now + kSoon || (checks && !phase.checks)) continue;
    ids.insert(ids.end(), phase.ids.begin(), phase.ids.end());
  }
  return ids;
}

Result<std::map<std::string, aws::Instance>> Lookout::instances(const aws::Target& target, const Ids& ids) {
  Place& here = place(target);
  const auto ask = [&](const Ids& batch) -> Result<std::map<std::string, aws::Instance>> {
    // A filter, not InstanceIds: one id that is gone would refuse the whole call.
    return by_id(TRY(describe(target, {{"instance-id", batch}})));
  };
  return here.instances.get(ids, here.due(ids, false, clock_.steady()), ask);
}

Result<std::map<std::string, aws::InstanceStatus>> Lookout::statuses(const aws::Target& target,
                                                                     const Ids& ids) {
  Place& here = place(target);
  const auto ask = [&](const Ids& batch) -> Result<std::map<std::string, aws::InstanceStatus>> {
    CHECK_OK(take_turn(target, "DescribeInstanceStatus"));
    return by_id(TRY(aws::Ec2(caller_, target).describe_instance_status(batch)));
  };
  Ids others = here.due(ids, true, clock_.steady());
  std::erase_if(others, [&](const std::string& id) {
    const auto seen = here.instances.known(id);
    return !seen || seen->state != "running";
  });
  return here.statuses.get(ids, others, ask);
}

Result<std::vector<aws::Instance>> Lookout::named(const aws::Target& target,
                                                  const std::vector<std::string>& names) {
  Place& here = place(target);
  const auto ask = [&](const Ids& batch) -> Result<std::map<std::string, std::vector<aws::Instance>>> {
    auto found = TRY(describe(target, {{"tag:Name", batch}}));
    here.instances.learn(by_id(found));
    std::map<std::string, std::vector<aws::Instance>> by_name;
    for (auto& instance : found) by_name[instance.name()].push_back(std::move(instance));
    return by_name;
  };
  return together(TRY(here.names.get(names, {}, ask)));
}

Result<std::vector<aws::Instance>> Lookout::tagged(const aws::Target& target, const Tags& tags) {
  Place& here = place(target);
  const std::string key = json_text(json::value_from(tags));
  const auto ask = [&](const Ids&) -> Result<std::map<std::string, std::vector<aws::Instance>>> {
    std::vector<aws::Filter> filters;
    for (const auto& [tag, value] : tags) filters.push_back({"tag:" + tag, {value}});
    auto found = TRY(describe(target, filters));
    here.instances.learn(by_id(found));
    return std::map<std::string, std::vector<aws::Instance>>{{key, std::move(found)}};
  };
  return together(TRY(here.tags.get({key}, {}, ask)));
}

Result<std::vector<aws::Instance>> Lookout::describe(const aws::Target& target,
                                                     const std::vector<aws::Filter>& filters) {
  CHECK_OK(take_turn(target, "DescribeInstances"));
  return aws::Ec2(caller_, target).describe_instances(filters);
}

void Lookout::expect(const aws::Target& target, const Ids& ids, bool checks, Duration wait) {
  if (ids.empty()) return;
  Place& here = place(target);
  const MutexLock lock(here.mutex);
  here.expected.insert_or_assign(ids.front(), Expected{clock_.steady() + wait, ids, checks});
}

Status Lookout::change_together(aws::Caller& caller, const aws::Target& target, Action action, const Ids& ids,
                                const Turn& turn) {
  Place& here = place(target);
  auto& changes = action == Action::start ? here.starts : here.stops;
  const auto ask = [&](const Ids& batch) -> Result<std::map<std::string, bool>> {
    if (const auto changed = change(caller, target, action, batch, turn); !changed) {
      const bool own = batch.size() == ids.size();
      if (own || refusal_of(changed.error()) == Refusal::of_everyone) return tl::unexpected(changed.error());
      return fail(ErrorKind::aws, std::string(kRefusedTogether), changed.error().message);
    }
    std::map<std::string, bool> accepted;
    for (const auto& id : batch) accepted[id] = true;
    return accepted;
  };
  changes.change(ids);  // what was accepted before has come to nothing, or it would not be asked for again
  CHECK_OK(changes.get(ids, {}, ask));
  return {};
}

Status Lookout::change(aws::Caller& caller, const aws::Target& target, Action action, const Ids& ids,
                       const Turn& turn) {
  CHECK_OK(turn(ids.size()));
  aws::LimitedCaller limited(caller, clock_, clock_.steady() + kChange);
  aws::Ec2 ec2(limited, target);
  const Status changed = action == Action::start ? ec2.start_instances(ids) : ec2.stop_instances(ids);
  Place& here = place(target);
  if (changed) {
    here.instances.change(ids);
    here.statuses.change(ids);
  } else if (changed.error().code == "RequestLimitExceeded") {
    rates_.refused(target, api_of(action), clock_.steady());
  }
  return changed;
}

Lookout::Place& Lookout::place(const aws::Target& target) {
  const MutexLock lock(mutex_);
  auto& place = places_[target];
  if (!place) place = std::make_unique<Place>(clock_);
  return *place;
}

Status Lookout::take_turn(const aws::Target& target, std::string_view action) {
  const auto wait = rates_.book(target, fmt::format("ec2:{}", action), 0, clock_.steady(), kPatience);
  if (!wait) {
    return fail(ErrorKind::aws, std::string(aws::kKeptToRate),
                fmt::format("{} in {} would be refused for its rate: too many phases look at once", action,
                            target.region));
  }
  clock_.sleep(*wait);
  return {};
}

Result<Directory::Instances> LookoutDirectory::named(const std::vector<std::string>& names) {
  return lookout_ != nullptr ? lookout_->named(target_, names) : Ec2Directory::named(names);
}

Result<Directory::Instances> LookoutDirectory::with_ids(const std::vector<std::string>& ids) {
  if (lookout_ == nullptr) return Ec2Directory::with_ids(ids);
  Instances instances;
  for (auto& [id, instance] : TRY(lookout_->instances(target_, ids))) instances.push_back(instance);
  return instances;
}

Result<Directory::Instances> LookoutDirectory::tagged(const Tags& tags) {
  return lookout_ != nullptr ? lookout_->tagged(target_, tags) : Ec2Directory::tagged(tags);
}

}  // namespace lamplighter::tasks
