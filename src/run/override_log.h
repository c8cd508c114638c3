// Tells of overrides as they are made, changed and ended, by hand or by time, whoever does so and from where:
// it looks at the tables by which the fleets' runs agree.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "fleet/fleet.h"
#include "run/cloud_access.h"
#include "tasks/admission/override.h"

namespace lamplighter::run {

/// Safe to use from several threads. Keeps references to the clock and the log.
class OverrideLog {
 public:
  OverrideLog(TableOf table_of, const Clock& clock, Log& log)
      : table_of_(std::move(table_of)), clock_(clock), log_(log) {}
  ~OverrideLog() { stop(); }
  OverrideLog(const OverrideLog&) = delete;
  OverrideLog& operator=(const OverrideLog&) = delete;

  /// A fleet that is in force. What is overruled when it is first looked at is not told of.
  void know(const fleet::Fleet& fleet);
  /// Looks at once, and once a second from now on; at a table of DynamoDB's soon, and once a minute.
  void start();
  void stop();
  /// Tells what has happened since the last look. A table that can't be read is looked at later: who starts
  /// something says so.
  void look(const std::string& fleet);

 private:
  struct Watched {
    tasks::Coordination coordination;
    std::optional<std::vector<tasks::Override>> in_force;  ///< at the last look
    std::chrono::steady_clock::time_point next{};
  };

  void run();
  /// The fleets that agree so, and are to be looked at now.
  [[nodiscard]] std::vector<std::string> due(tasks::Coordination::Kind kind);
  void tell(LogEvent event, const std::string& fleet, const tasks::Override& one, std::string_view how);
  void tell_change(const std::string& fleet, const std::vector<tasks::Override>& before,
                   const std::vector<tasks::Override>& after, Time now);

  const TableOf table_of_;
  const Clock& clock_;
  Log& log_;
  Mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Watched> fleets_ GUARDED_BY(mutex_);
  bool stopped_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace lamplighter::run
