// How a process that ran an engine ends, also where a task hangs.
#pragma once

#include <chrono>
#include <future>

#include "engine/runtime/engine.h"

namespace lamplighter::run {

/// Closes the engine. Where a task hangs, its thread still uses what the caller is about to destroy: then
/// this says so and ends the process with `exit_code`. Nothing is lost: the task is run again by the next
/// resume.
void close_engine(engine::Engine& engine, int exit_code);

/// The ending signals (run/interrupt.h) that a server gets: kept from every thread that is started later.
/// After the first the process has 4.8 s to end by itself, then this ends it, with success; another one ends
/// it at once. To be made before other threads, and once.
class EndSignals {
 public:
  EndSignals();
  /// Waits for the first; at once where it has come already.
  void wait() const { first_.wait(); }
  /// The same, for so long: whether one has come.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds time) const {
    return first_.wait_for(time) == std::future_status::ready;
  }

 private:
  std::future<void> first_;
};

}  // namespace lamplighter::run
