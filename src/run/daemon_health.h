// What the daemon says of itself to whoever watches over it: whether it can work, its metrics, and a line for
// the service manager.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "api/health/health.h"
#include "aws/client/session.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "engine/runtime/engine.h"
#include "hours/store.h"
#include "run/figures.h"
#include "scheduler/scheduler.h"

namespace lamplighter::run {

/// Safe to use from several threads. Keeps references to what it is given.
class DaemonHealth {
 public:
  struct Parts {
    engine::Engine& engine;
    const scheduler::Scheduler& scheduler;
    const aws::Session& session;
    const Figures& figures;
    const std::string& version;
    const Clock& clock;  ///< by which hours are counted
  };
  explicit DaemonHealth(Parts parts) : parts_(parts) {}

  /// From now on it can't work.
  void end() { ending_ = true; }
  /// Why it can't work; asks the engine to write a row, and waits for that a little.
  [[nodiscard]] std::vector<std::string> unready() const;
  /// As Prometheus takes it (docs/daemon.md).
  [[nodiscard]] std::string metrics() const;
  /// "2 executions run; next: stop "evening" of f at 2026-11-27T20:00:00Z".
  [[nodiscard]] std::string status() const;

 private:
  void show_schedules(api::MetricsText& text) const;
  void show_work(api::MetricsText& text) const;
  void show_calls(api::MetricsText& text) const;
  void show_store(api::MetricsText& text) const;
  void show_hours(api::MetricsText& text) const;
  [[nodiscard]] std::vector<hours::Row> hours_of_today() const;

  const Parts parts_;
  const Time started_ = SystemClock().now();  ///< this process, not long before
  std::atomic<bool> ending_ = false;
  mutable Mutex mutex_;
  mutable std::unique_ptr<hours::Store> hours_ GUARDED_BY(mutex_);  ///< once it was asked for
};

}  // namespace lamplighter::run
