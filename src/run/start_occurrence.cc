#include "run/start_occurrence.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "fleet/schedule_days.h"
#include "machine/telling.h"
#include "run/access.h"
#include "run/put_machine.h"
#include "scheduler/occurrence_name.h"
#include "tasks/protocol/occurrence.h"
#include "tasks/protocol/warn.h"

namespace lamplighter::run {
namespace {

constexpr std::array kActions{tasks::Action::start, tasks::Action::stop};

/// The accounts are the file's: whoever goes on with the run holds AWS's against them.
Access access_to(const machine::Shape& shape, const AwsOptions& aws, double speed) {
  Access access = access_of(aws, speed, SystemHost(), shape, {});
  for (const auto& environment : shape.environments) {
    const std::string& account = environment.described.account;
    if (!account.empty()) access.accounts.emplace(environment.name(), account);
  }
  return access;
}

/// Of the fleet; nullptr where it is not among them any more.
const fleet::Schedule* schedule_of(const fleet::Fleet& fleet, const scheduler::Firing& firing) {
  const auto found = std::find_if(fleet.schedules.begin(), fleet.schedules.end(),
                                  [&](const auto& one) { return one.name == firing.schedule; });
  return found == fleet.schedules.end() ? nullptr : &*found;
}

/// With what its calendars say of the day of `due`.
Result<tasks::Occurrence> occurrence_of(const fleet::Fleet& fleet, const scheduler::Firing& firing,
                                        const fleet::Schedule* schedule) {
  tasks::Occurrence occurrence{firing.schedule, firing.due};
  if (schedule != nullptr)
    occurrence.calendar = TRY(fleet::occurrence_days(fleet, *schedule, firing.due + schedule->ahead));
  return occurrence;
}

}  // namespace

void OccurrenceStarter::forget(const std::string& fleet) {
  const MutexLock lock(mutex_);
  for (const auto action : kActions) orders_.erase({fleet, action});
}

Status OccurrenceStarter::put_in_force(const fleet::Fleet& fleet) {
  forget(fleet.name);
  for (const auto action : kActions) TRY(put_machine(executions_, *TRY(order_of(fleet, action))));
  return {};
}

Result<OccurrenceStarter::Order> OccurrenceStarter::order_of(const fleet::Fleet& fleet,
                                                             tasks::Action action) {
  const MutexLock lock(mutex_);
  Order& order = orders_[{fleet.name, action}];
  if (!order) order = std::make_shared<const RunOrder>(TRY(make_order(fleet, action, {}, Time{})));
  return order;
}

Result<std::string> OccurrenceStarter::start(const fleet::Fleet& fleet, const scheduler::Firing& firing) {
  const fleet::Schedule* schedule = schedule_of(fleet, firing);
  json::object input{{"environments", json::value_from(firing.environments)}};
  add_to(input, TRY(occurrence_of(fleet, firing, schedule)));
  if (schedule != nullptr && schedule->ahead > Duration::zero())
    return start_warning(fleet, firing, std::move(input), schedule->ahead);
  const Order order = TRY(order_of(fleet, firing.action));
  input[kAccess] = to_json(access_to(order->shape.only(firing.environments), aws_, speed_));
  return start_once(TRY(put_machine(executions_, *order)), firing,
                    scheduler::occurrence_name(fleet.name, firing.schedule, firing.due), input);
}

Result<std::string> OccurrenceStarter::start_warning(const fleet::Fleet& fleet,
                                                     const scheduler::Firing& firing, json::object input,
                                                     Duration ahead) {
  input[tasks::kAhead] = std::chrono::floor<std::chrono::seconds>(ahead).count();
  const auto machine =
      TRY(put_machine(executions_, fmt::format("{}-{}", fleet.name, machine::kWarning),
                      json_text(TRY(machine::compile_warning(fleet))), fleet.environments.front().region));
  return start_once(machine, firing,
                    scheduler::occurrence_name(fleet.name, "warning of " + firing.schedule, firing.due),
                    input);
}

Result<std::string> OccurrenceStarter::start_once(const engine::StateMachine& machine,
                                                  const scheduler::Firing& firing, std::string name,
                                                  const json::object& input) {
  const auto started = executions_.start_execution(machine.arn, name, json_text(input),
                                                   {{"how", "schedule"}, {"schedule", firing.schedule}});
  if (started || started.error().code == "ExecutionAlreadyExists") return name;
  return tl::unexpected(started.error());
}

}  // namespace lamplighter::run
