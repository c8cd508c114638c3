// Fires the schedules of one fleet file, and goes by the file as it changes.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "scheduler/store.h"
#include "scheduler/timetable.h"
#include "scheduler/watched_file.h"

namespace lamplighter::scheduler {

/// What a fleet's scheduler needs of others, who outlive it. The functions are called on its thread.
struct Surroundings {
  Clock& clock;
  Store& store;
  /// Starts the execution of an occurrence under its name (occurrence_name.h) and gives that: at once where
  /// it was started before, whatever became of it.
  std::function<Result<std::string>(const fleet::Fleet&, const Firing&)> start;
  std::function<void(const std::string&)> said;     ///< told what was done
  std::function<void(const std::string&)> trouble;  ///< told what somebody must know
};

/// How one fleet file stands.
struct Standing {
  std::string path;
  std::string fleet;
  std::size_t schedules = 0;
  std::optional<Firing> next;  ///< what is due next
  std::string timezone;        ///< of that schedule
  std::string refused;  ///< why the file, as it is, is not in force: its last good copy is; "" where it is
};

/// For one thread.
class FleetScheduler {
 public:
  /// Reads the file, or its last good copy where it is broken; changes nothing. Errors: bad_input "Usage" for
  /// standard input; "InvalidFleet" and as machine::compile, where there is no good copy; the store's.
  static Result<std::unique_ptr<FleetScheduler>> open(const std::string& path, Surroundings surroundings);

  /// Goes on from what the store knows. To be called first. Errors: the store's.
  Status begin();
  /// Looks whether the file changed: a change is taken over at the second look that sees it as it is, so that
  /// whoever writes it has finished.
  void look();
  /// Starts what is due, until `ending` says that nothing is to be started any more. Gives when it has to be
  /// called again at the latest; nothing where only a change of the file, or of the clock, can matter.
  std::optional<Time> turn(const std::function<bool()>& ending = [] { return false; });
  [[nodiscard]] Standing standing() const;

 private:
  FleetScheduler(const std::string& path, Surroundings surroundings);
  Status read();
  void take_over(const Result<std::string>& text);
  Status put_in_force(fleet::Fleet fleet, const std::map<std::string, Progress>& known);
  void fire(const Firing& firing);
  void record(const std::vector<std::string>& schedules, const std::vector<Missed>& missed);
  void tell(const Missed& missed) const;
  [[nodiscard]] std::string name_of(const std::string& schedule) const;
  [[nodiscard]] std::string local(const std::string& schedule, Time time) const;

  Surroundings around_;
  WatchedFile file_;
  fleet::Fleet fleet_;
  std::optional<Timetable> timetable_;
  std::string text_;     ///< of the fleet that is in force
  std::string refused_;  ///< as Standing's
};

}  // namespace lamplighter::scheduler
