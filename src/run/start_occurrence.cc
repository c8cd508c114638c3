#include "run/start_occurrence.h"

#include <array>

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
  const json::object input{
      {"environments", json::value_from(firing.environments)},
      {tasks::kOccurrence, tasks::to_json(tasks::Occurrence{firing.schedule, firing.due})},
      {kAccess, to_json(access_to(order->shape.only(firing.environments), aws_, speed_))}};
  std::string name = scheduler::occurrence_name(fleet.name, firing.schedule, firing.due);
  const engine::StateMachine machine = TRY(put_machine(executions_, *order));
  const auto started = executions_.start_execution(machine.arn, name, json_text(input),
                                                   {{"how", "schedule"}, {"schedule", firing.schedule}});
  if (started || started.error().code == "ExecutionAlreadyExists") return name;
  return tl::unexpected(started.error());
}

}  // namespace lamplighter::run
