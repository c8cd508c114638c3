// Counts the hours of what has ended: from the executions of a state directory into its hours.sqlite
// (hours/store.h). An execution is noted once its hours are on disk, and is not pruned before that; whoever
// is killed in between counts it again, which counts once.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "engine/runtime/engine.h"

namespace lamplighter::run {

/// Counts what has ended and isn't counted yet. Errors: the stores'.
Status count_hours(engine::Engine& engine, const Clock& clock);

/// Tells `trouble`, where there is one, of an error: the next one who counts makes up for it.
void tell_uncounted(const Status& counted, const std::function<void(const std::string&)>& trouble);

/// A thread that does so after each end, and at the beginning, while it lives. Keeps references to the engine
/// and the clock.
class HoursKeeper {
 public:
  /// `trouble` is told once where hours can't be counted; it is tried again.
  HoursKeeper(engine::Engine& engine, const Clock& clock, std::function<void(const std::string&)> trouble);
  ~HoursKeeper();
  HoursKeeper(const HoursKeeper&) = delete;
  HoursKeeper& operator=(const HoursKeeper&) = delete;

 private:
  void run();
  [[nodiscard]] bool is_stopped();

  engine::Engine& engine_;
  const Clock& clock_;
  const std::function<void(const std::string&)> trouble_;
  Mutex mutex_;
  std::condition_variable changed_;
  bool any_end_ GUARDED_BY(mutex_) = true;
  bool stopped_ GUARDED_BY(mutex_) = false;
  engine::Subscription subscription_;
  std::thread thread_;
};

}  // namespace lamplighter::run
