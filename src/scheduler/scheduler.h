// The scheduler: a thread a source of schedules, so that a fleet whose account doesn't answer delays no
// other.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/heartbeat.h"
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

  /// How the fleet files stand, and what people made.
  [[nodiscard]] std::vector<Standing> standing() const;
  /// Whose threads have not come round since then, though they wait for nobody outside: fleets' names, or
  /// "the API's schedules".
  [[nodiscard]] std::vector<std::string> hanging_since(Heartbeat::Moment moment) const;
  void start();
  /// Starts nothing any more. Waits for starts that are under way, `patience` long. Gives how many of its
  /// threads are still busy: they use what the scheduler was given, so where it isn't 0 the process must end
  /// without destroying that (std::_Exit). An occurrence that wasn't started is the next process's.
  std::size_t stop(std::chrono::milliseconds patience = std::chrono::hours{24});

 private:
  explicit Scheduler(Clock& clock) : clock_(clock) {}
  struct Entry {
    std::unique_ptr<Source> source;
    std::shared_ptr<Heartbeat> heart;
    Standing standing = {};  ///< when it last changed
  };
  void enter(std::unique_ptr<Source> source, std::shared_ptr<Heartbeat> heart);
  void run(Entry& entry);
  void publish(Entry& entry);
  bool wait(std::optional<Time> until, std::chrono::steady_clock::time_point end);

  Clock& clock_;
  std::vector<std::unique_ptr<Entry>> entries_;  ///< their standings are guarded by mutex_
  std::vector<std::thread> threads_;
  mutable Mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ GUARDED_BY(mutex_) = false;
  std::size_t busy_ GUARDED_BY(mutex_) = 0;  ///< threads that have not ended
};

}  // namespace lamplighter::scheduler
