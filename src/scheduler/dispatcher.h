// Fires the schedules that are in force: starts what is due, and records and tells what became of it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "scheduler/store.h"
#include "scheduler/timetable.h"

namespace lamplighter::scheduler {

/// What a dispatcher needs of others, who outlive it. The functions are called on its thread.
struct Surroundings {
  Clock& clock;
  Store& store;
  /// Starts the execution of an occurrence under its name (occurrence_name.h) and gives that: at once where
  /// it was started before, whatever became of it.
  std::function<Result<std::string>(const fleet::Fleet&, const Firing&)> start;
  Log& log;  ///< told what became of each
  /// Told of each fleet that comes into force, and how far its schedules are; may be empty.
  std::function<void(const fleet::Fleet&, const Timetable&)> in_force = nullptr;
  /// Tells people of occurrences that the fleet missed; may be empty. Told of the same twice, it tells once.
  std::function<Status(const fleet::Fleet&, const std::vector<Missed>&)> missed = nullptr;
};

/// For one thread.
class Dispatcher {
 public:
  /// `part` tells these schedules of a fleet from its others, where the store keeps how far they are.
  explicit Dispatcher(Surroundings surroundings, std::string part = "")
      : around_(std::move(surroundings)), part_(std::move(part)) {}

  /// From now on these schedules count. `known` is how far they are. Errors: the store's; it is in force all
  /// the same.
  Status put_in_force(fleet::Fleet fleet, const std::map<std::string, Progress>& known);
  /// Starts what is due, until `ending` says that nothing is to be started any more. Gives when it has to be
  /// called again at the latest; nothing where nothing is due again.
  std::optional<Time> turn(const std::function<bool()>& ending);

  [[nodiscard]] const fleet::Fleet& fleet() const { return fleet_; }
  /// nullptr where nothing is in force yet.
  [[nodiscard]] const Timetable* timetable() const { return timetable_ ? &*timetable_ : nullptr; }

 private:
  bool fire(const Firing& firing, std::vector<Missed>& given_up);
  [[nodiscard]] std::string key() const { return fleet_.name + part_; }
  void record(const std::vector<std::string>& schedules, const std::vector<Missed>& missed);
  void tell(const Missed& missed) const;
  void tell_people(const std::vector<Missed>& missed) const;
  void say(LogEvent event, const std::string& execution, std::string message) const;
  [[nodiscard]] const fleet::Schedule& find(const std::string& schedule) const;
  [[nodiscard]] std::string name_of(const std::string& schedule) const;

  Surroundings around_;
  std::string part_;
  fleet::Fleet fleet_;  ///< without a name where the schedules are no fleet file's
  std::optional<Timetable> timetable_;
  bool unrecorded_ = false;  ///< the last that was to be put on disk
};

}  // namespace lamplighter::scheduler
