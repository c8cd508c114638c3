#include "run/keeps_end.h"

#include <algorithm>
#include <deque>
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
using tasks::WantedOccurrence;

/// What is started and stopped more rarely than that is looked at a second time, over a year.
constexpr std::chrono::days kLookBack{8};
constexpr std::chrono::days kFarBack{366};

bool is_among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Action opposite(Action action) { return action == Action::start ? Action::stop : Action::start; }

/// After `from`, and not after the keep's end: the latest first.
Result<std::deque<WantedOccurrence>> wanted(const fleet::Fleet& fleet, const Override& keep, Time from) {
  std::deque<WantedOccurrence> found;
  fleet::Occurrences occurrences(schedules_of(fleet, keep.environments), from);
  for (auto one = occurrences.next(); one && *one->due <= keep.until; one = occurrences.next()) {
    const auto& schedule = *one->schedule;
    if (is_bound(schedule) && !TRY(fleet::verdict(fleet, schedule, *one->due)).runs) continue;
    auto names = environments_of(fleet, schedule);
    std::erase_if(names, [&](const auto& name) { return !is_among(keep.environments, name); });
    found.push_front({schedule.name, schedule.action, *one->due, std::move(names)});
    if (found.size() > tasks::kMostWanted) found.pop_back();
  }
  return found;
}

/// Whether each environment is meant by one of them.
bool mean_all(const std::deque<WantedOccurrence>& found, const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [&](const auto& name) {
    return std::any_of(found.begin(), found.end(),
                       [&](const auto& one) { return is_among(one.environments, name); });
  });
}

/// As its execution's occurrence has it.
std::string name_of_end(const Override& keep) { return fmt::format("end of override {}", keep.id); }

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

/// How its target is started.
struct Delivery {
  std::string role_arn;
  std::string undelivered{};
};

/// As those of the deployment are.
Result<Delivery> delivery_for(aws::Scheduler& scheduler, const Place& place, const std::string& machine_arn) {
  const auto arn = parse_arn(machine_arn);
  if (!place.cloud) {
    return Delivery{
        global_arn_in(arn ? arn->region : "us-east-1", "iam", arn ? arn->account : "", "role/lamplighter")
            .text()};
  }
  for (const auto& name : TRY(scheduler.list(place.cloud->schedules))) {
    auto made = TRY(scheduler.get(name));
    if (!made.role_arn.empty()) return Delivery{std::move(made.role_arn), std::move(made.undelivered)};
  }
  return fail(
      ErrorKind::bad_input, "NotDeployed",
      fmt::format("found no schedule in {} whose role could start {}", place.cloud->schedules, machine_arn));
}

}  // namespace

Result<tasks::KeepsEnd> end_of(const fleet::Fleet& fleet, const Override& keep) {
  auto found = TRY(wanted(fleet, keep, keep.undone ? keep.made : keep.made - kLookBack));
  if (!keep.undone && !mean_all(found, keep.environments))
    found = TRY(wanted(fleet, keep, keep.made - kFarBack));
  return tasks::KeepsEnd{keep.made, keep.undone, {found.begin(), found.end()}};
}

std::vector<std::string> opposed_at_end(const Override& keep, const tasks::KeepsEnd& end,
                                        const std::vector<Override>& others) {
  std::vector<std::string> opposed;
  for (const auto& name : keep.environments) {
    const tasks::Decision decision{opposite(keep.wanted), name,
                                   tasks::Occurrence{name_of_end(keep), keep.until, {}, end}};
    if (overruled(others, decision, keep.until).kind == tasks::Ruling::Kind::goes_ahead)
      opposed.push_back(name);
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
                    const tasks::KeepsEnd& end) {
  const std::string name = machine_name(fleet, place, opposite(keep.wanted));
  const auto machine = TRY(find_machine(desk.executions(), name));
  if (!machine)
    return fail(ErrorKind::bad_input, "StateMachineDoesNotExist", fmt::format("there is no {}", name));
  auto scheduler = scheduler_at(desk, place);
  auto delivery = TRY(delivery_for(scheduler, place, machine->arn));
  return scheduler.put({.name = name_of(fleet, place, keep),
                        .due = keep.until,
                        .target_arn = machine->arn,
                        .role_arn = std::move(delivery.role_arn),
                        .undelivered = std::move(delivery.undelivered),
                        .input = tasks::ending_input(name_of_end(keep), keep.environments, end)});
}

Status forget_end(Desk& desk, const fleet::Fleet& fleet, const Place& place, const Override& keep) {
  if (desk.schedules() == nullptr) return {};
  TRY(scheduler_at(desk, place).remove(name_of(fleet, place, keep)));
  return {};
}

}  // namespace lamplighter::run
