// The scheduler: a thread a source of schedules, so that a fleet whose account doesn't answer delays no
// other.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "scheduler/fleet_scheduler.h"

namespace lamplighter::scheduler {

class Scheduler {
 public:
  /// Reads the files and starts nothing yet. Errors: as FleetScheduler::open; bad_input "SameFleet" where two
  /// files have one fleet's name.
  static Result<std::unique_ptr<Scheduler>> open(const std::vector<std::string>& files,
                                                 const Surroundings& surroundings);
  /// As stop().
  ~Scheduler() { stop(); }
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// Fires these too. Before start(). Errors: the source's begin().
  Status add(std::unique_ptr<Source> source);

  /// How the files stand; until start() is called.
  [[nodiscard]] std::vector<Standing> standing() const;
  void start();
  /// Starts nothing any more. Waits for a start that is under way.
  void stop();

 private:
  explicit Scheduler(Clock& clock) : clock_(clock) {}
  void run(Source& source);
  bool wait(std::optional<Time> until, std::chrono::steady_clock::time_point end);

  Clock& clock_;
  std::vector<FleetScheduler*> fleets_;  ///< those of sources_ that are files
  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<std::thread> threads_;
  Mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ GUARDED_BY(mutex_) = false;
};

}  // namespace lamplighter::scheduler
