#include "run/start_occurrence.h"

#include <algorithm>
#include <array>

#include "fleet/schedule_days.h"
#include "run/access.h"
#include "run/put_machine.h"
#include "scheduler/occurrence_name.h"
#include "tasks/protocol/occurrence.h"

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

/// With what its calendars say of that day.
Result<tasks::Occurrence> occurrence_of(const fleet::Fleet& fleet, const scheduler::Firing& firing) {
  tasks::Occurrence occurrence{firing.schedule, firing.due};
  const auto schedule = std::find_if(fleet.schedules.begin(), fleet.schedules.end(),
                                     [&](const auto& one) { return one.name == firing.schedule; });
  if (schedule != fleet.schedules.end())
    occurrence.calendar = TRY(fleet::occurrence_days(fleet, *schedule, firing.due));
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
  const Order order = TRY(order_of(fleet, firing.action));
  json::object input{{"environments", json::value_from(firing.environments)},
                     {kAccess, to_json(access_to(order->shape.only(firing.environments), aws_, speed_))}};
  add_to(input, TRY(occurrence_of(fleet, firing)));
  std::string name = scheduler::occurrence_name(fleet.name, firing.schedule, firing.due);
  const engine::StateMachine machine = TRY(put_machine(executions_, *order));
  const auto started = executions_.start_execution(machine.arn, name, json_text(input),
                                                   {{"how", "schedule"}, {"schedule", firing.schedule}});
  if (started || started.error().code == "ExecutionAlreadyExists") return name;
  return tl::unexpected(started.error());
}

}  // namespace lamplighter::run
