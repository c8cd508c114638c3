// Fires the schedules that people made through EventBridge Scheduler's API.
#pragma once

#include <atomic>
#include <map>
#include <string>

#include "api/scheduler/book.h"
#include "engine/runtime/executions.h"
#include "run/fleets_in_force.h"
#include "scheduler/dispatcher.h"
#include "scheduler/source.h"

namespace lamplighter::run {

/// Keeps references to the book, the executions and the fleets, which outlive it.
class BookScheduler final : public scheduler::Source {
 public:
  /// `surroundings.start` is set here.
  BookScheduler(api::Book& book, engine::Executions& executions, const FleetsInForce& fleets,
                scheduler::Surroundings surroundings);

  Status begin() override;
  void look() override;
  std::optional<Time> turn(const std::function<bool()>& ending) override;
  [[nodiscard]] scheduler::Standing standing() const override;

 private:
  Status put_in_force(std::map<std::string, scheduler::Progress> known);
  Result<std::string> start(const scheduler::Firing& firing);
  void remove_completed();

  api::Book& book_;
  engine::Executions& executions_;
  const FleetsInForce& fleets_;
  scheduler::Surroundings around_;
  scheduler::Dispatcher dispatcher_;
  std::map<std::string, api::Schedule> schedules_;  ///< in force, by "GROUP/NAME"
  std::atomic<bool> changed_{false};
};

/// A fleet file's schedules as the API shows them, with the state machines that they start, and the days of
/// their calendars for two years. Errors: as fleet::days_of.
Result<std::vector<api::Schedule>> shown_schedules(const fleet::Fleet& fleet,
                                                   const scheduler::Timetable& timetable,
                                                   const api::Place& place, Time now);

/// Whether a schedule's target is a state machine that is there. Error: bad_input "ValidationException".
Status check_target(engine::Executions& executions, const api::ScheduleTarget& target);

}  // namespace lamplighter::run
