#include "run/keeps_end.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "aws/services/scheduler.h"
#include "base/arn.h"
#include "base/aws_name.h"
#include "fleet/schedule_days.h"
#include "fleet/upcoming.h"
#include "run/put_machine.h"
#include "tasks/admission/ruling.h"
#include "tasks/protocol/occurrence.h"
#include "tasks/refusal.h"

namespace lamplighter::run {
namespace {

using tasks::Action;
using tasks::Override;

/// What is started and stopped more rarely than that is looked at a second time, over a year.
constexpr std::chrono::days kLookBack{8};
constexpr std::chrono::days kFarBack{366};

Action opposite(Action action) { return action == Action::start ? Action::stop : Action::start; }

/// The latest occurrence of an environment.
struct Latest {
  Action action = Action::start;
  Time due{};
};

/// Of the keep's environments: after `from`, and not after its end. What calendars and people leave out is
/// none.
Result<std::map<std::string, Latest>> latest(const fleet::Fleet& fleet, const Override& keep, Time from,
                                             std::vector<Override> others) {
  std::erase_if(others, [](const auto& one) { return one.kind == Override::Kind::keep; });
  std::map<std::string, Latest> found;
  fleet::Occurrences occurrences(schedules_of(fleet, keep.environments), from);
  for (auto one = occurrences.next(); one && *one->due <= keep.until; one = occurrences.next()) {
    const auto& schedule = *one->schedule;
    const bool by_days = !schedule.except.empty() || !schedule.only.empty();
    if (by_days && !TRY(fleet::verdict(fleet, schedule, *one->due)).runs) continue;
    const auto ruling =
        overruled(others, {schedule.action, "", tasks::Occurrence{schedule.name, *one->due}}, *one->due);
    if (ruling.kind != tasks::Ruling::Kind::goes_ahead) continue;
    for (const auto& name : environments_of(fleet, schedule)) found[name] = {schedule.action, *one->due};
  }
  return found;
}

bool has_all(const std::map<std::string, Latest>& found, const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [&](const auto& name) { return found.contains(name); });
}

std::string machine_name(const fleet::Fleet& fleet, const Place& place, Action action) {
  const auto name = fmt::format("{}-{}", fleet.name, tasks::to_string(action));
  if (!place.cloud) return name;
  return place.cloud->machines.at(action == Action::start ? 0 : 1);
}

aws::Scheduler::Name name_of(const fleet::Fleet& fleet, const Place& place, const Override& keep) {
  return {place.cloud ? place.cloud->schedules : "default",
          aws_name(fmt::format("{}-override-{}", fleet.name, keep.id))};
}

aws::Scheduler scheduler_at(Desk& desk, const Place& place) {
  return {*desk.schedules(), {place.cloud ? place.cloud->region : "us-east-1", ""}};
}

/// As whom its target is started: as whom those of the deployment are.
Result<std::string> role_for(aws::Scheduler& scheduler, const Place& place, const std::string& machine_arn) {
  const auto arn = parse_arn(machine_arn);
  if (!place.cloud)
    return global_arn_in(arn ? arn->region : "us-east-1", "iam", arn ? arn->account : "", "role/lamplighter")
        .text();
  for (const auto& name : TRY(scheduler.list(place.cloud->schedules))) {
    const auto made = TRY(scheduler.get(name));
    if (!made.role_arn.empty()) return made.role_arn;
  }
  return fail(
      ErrorKind::bad_input, "NotDeployed",
      fmt::format("found no schedule in {} whose role could start {}", place.cloud->schedules, machine_arn));
}

}  // namespace

Result<std::vector<std::string>> opposed_at_end(const fleet::Fleet& fleet, const Override& keep,
                                                const std::vector<Override>& others) {
  auto found = TRY(latest(fleet, keep, keep.undone ? keep.made : keep.until - kLookBack, others));
  if (!keep.undone && !has_all(found, keep.environments))
    found = TRY(latest(fleet, keep, keep.until - kFarBack, others));
  std::vector<std::string> opposed;
  for (const auto& name : keep.environments) {
    const auto last = found.find(name);
    if (last == found.end()) {
      if (keep.undone) opposed.push_back(name);
    } else if (last->second.due < keep.until && last->second.action != keep.wanted) {
      opposed.push_back(name);
    }
  }
  return opposed;
}

std::string nobody_to_end_keeps(Desk& desk, const fleet::Fleet& fleet, const Place& place) {
  if (desk.schedules() == nullptr) return "no daemon serves there";
  const auto machine = find_machine(desk.executions(), machine_name(fleet, place, Action::stop));
  if (!machine) return tasks::describe(machine.error());
  return *machine ? "" : fmt::format("nobody there serves the fleet {}", fleet.name);
}

Status schedule_end(Desk& desk, const fleet::Fleet& fleet, const Place& place, const Override& keep,
                    const std::vector<std::string>& environments) {
  if (environments.empty()) return forget_end(desk, fleet, place, keep);
  const std::string name = machine_name(fleet, place, opposite(keep.wanted));
  const auto machine = TRY(find_machine(desk.executions(), name));
  if (!machine)
    return fail(ErrorKind::bad_input, "StateMachineDoesNotExist", fmt::format("there is no {}", name));
  auto scheduler = scheduler_at(desk, place);
  std::string role = TRY(role_for(scheduler, place, machine->arn));
  const json::object occurrence{{"schedule", fmt::format("end of override {}", keep.id)},
                                {"due", "<aws.scheduler.scheduled-time>"}};
  return scheduler.put(
      {.name = name_of(fleet, place, keep),
       .due = keep.until,
       .target_arn = machine->arn,
       .role_arn = std::move(role),
       .input = {{"environments", json::value_from(environments)}, {tasks::kOccurrence, occurrence}}});
}

Status forget_end(Desk& desk, const fleet::Fleet& fleet, const Place& place, const Override& keep) {
  if (desk.schedules() == nullptr) return {};
  TRY(scheduler_at(desk, place).remove(name_of(fleet, place, keep)));
  return {};
}

}  // namespace lamplighter::run
