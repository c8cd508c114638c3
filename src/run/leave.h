// How a process that ran an engine ends, also where a task hangs.
#pragma once

#include "engine/runtime/engine.h"

namespace lamplighter::run {

/// Closes the engine. Where a task hangs, its thread still uses what the caller is about to destroy: then
/// this says so and ends the process with `exit_code`. Nothing is lost: the task is run again by the next
/// resume.
void close_engine(engine::Engine& engine, int exit_code);

/// The SIGINTs and SIGTERMs that end a server: kept from every thread that is started while this lives.
class EndSignals {
 public:
  EndSignals();
  /// Waits for the first. From then on another one ends the process at once.
  void wait() const;
};

}  // namespace lamplighter::run
