// The execution of a schedule's occurrence. It is on disk at the due moment, whatever AWS does: nothing here
// asks AWS. What `lamplighter start` looks at before (does AWS answer, is it the fleet file's account) the
// state machine's survey finds out.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "base/result.h"
#include "engine/runtime/executions.h"
#include "fleet/fleet.h"
#include "run/cloud_access.h"
#include "run/order.h"
#include "scheduler/timetable.h"

namespace lamplighter::run {

/// Safe to use from several threads. Keeps a reference to the executions.
class OccurrenceStarter {
 public:
  OccurrenceStarter(engine::Executions& executions, AwsOptions aws, double speed)
      : executions_(executions), aws_(std::move(aws)), speed_(speed) {}

  /// From now on the fleet's occurrences run what it says: compiled once, however many are due. Its machines
  /// are there at once, for whoever starts them through the API. Errors: as make_order() and the engine's.
  Status put_in_force(const fleet::Fleet& fleet);
  /// Starts the execution under the occurrence's name, which it gives: of a warning (fleet/warnings.h) that
  /// of the fleet's third machine. One that was started before, whatever became of it, is not started again,
  /// and is no error. Errors: as make_order() and the engine's, and as fleet::days_of.
  Result<std::string> start(const fleet::Fleet& fleet, const scheduler::Firing& firing);

 private:
  using Order = std::shared_ptr<const RunOrder>;
  void forget(const std::string& fleet);
  Result<Order> order_of(const fleet::Fleet& fleet, tasks::Action action);
  Result<std::string> start_warning(const fleet::Fleet& fleet, const scheduler::Firing& firing,
                                    json::object input, Duration ahead);
  Result<std::string> start_once(const engine::StateMachine& machine, const scheduler::Firing& firing,
                                 std::string name, const json::object& input);

  engine::Executions& executions_;
  const AwsOptions aws_;
  const double speed_;
  Mutex mutex_;
  std::map<std::pair<std::string, tasks::Action>, Order> orders_ GUARDED_BY(mutex_);  ///< of all environments
};

}  // namespace lamplighter::run
