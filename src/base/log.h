// What a program that runs for years has to say: an entry for each event that matters, from a fixed
// vocabulary (docs/daemon.md, "What it says"), to whoever shows it to people, or counts it.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lamplighter {

enum class LogLevel { info, warning, error };
/// "info", "warning", "error".
std::string_view to_string(LogLevel level);

enum class LogEvent : std::size_t {
  daemon_began,
  listening,
  daemon_ended,
  daemon_failed,
  fleet_in_force,
  fleet_refused,
  fleet_good_again,
  occurrence_started,
  occurrence_made_up,
  occurrence_missed,
  occurrence_failed,
  schedule_over,
  override_made,
  override_changed,
  override_ended,
  execution_started,
  execution_ended,
  execution_failed,
  execution_resumed,
  execution_left,
  environment_halted,
  mail_not_sent,
  alarms_left_muted,
  client_refused,
  store_trouble,
  store_well_again,
  thread_hangs,
  tasks_left,
  lines_lost,
};

/// An event's name is stable: programs go by it.
struct LogEventKind {
  LogEvent event;
  std::string_view name;
  LogLevel level;
};

/// All of them, in their order.
inline constexpr std::array kLogEvents{
    LogEventKind{LogEvent::daemon_began, "daemon_began", LogLevel::info},
    LogEventKind{LogEvent::listening, "listening", LogLevel::info},
    LogEventKind{LogEvent::daemon_ended, "daemon_ended", LogLevel::info},
    LogEventKind{LogEvent::daemon_failed, "daemon_failed", LogLevel::error},
    LogEventKind{LogEvent::fleet_in_force, "fleet_in_force", LogLevel::info},
    LogEventKind{LogEvent::fleet_refused, "fleet_refused", LogLevel::error},
    LogEventKind{LogEvent::fleet_good_again, "fleet_good_again", LogLevel::info},
    LogEventKind{LogEvent::occurrence_started, "occurrence_started", LogLevel::info},
    LogEventKind{LogEvent::occurrence_made_up, "occurrence_made_up", LogLevel::info},
    LogEventKind{LogEvent::occurrence_missed, "occurrence_missed", LogLevel::warning},
    LogEventKind{LogEvent::occurrence_failed, "occurrence_failed", LogLevel::error},
    LogEventKind{LogEvent::schedule_over, "schedule_over", LogLevel::info},
    LogEventKind{LogEvent::override_made, "override_made", LogLevel::info},
    LogEventKind{LogEvent::override_changed, "override_changed", LogLevel::info},
    LogEventKind{LogEvent::override_ended, "override_ended", LogLevel::info},
    LogEventKind{LogEvent::execution_started, "execution_started", LogLevel::info},
    LogEventKind{LogEvent::execution_ended, "execution_ended", LogLevel::info},
    LogEventKind{LogEvent::execution_failed, "execution_failed", LogLevel::error},
    LogEventKind{LogEvent::execution_resumed, "execution_resumed", LogLevel::info},
    LogEventKind{LogEvent::execution_left, "execution_left", LogLevel::warning},
    LogEventKind{LogEvent::environment_halted, "environment_halted", LogLevel::error},
    LogEventKind{LogEvent::mail_not_sent, "mail_not_sent", LogLevel::error},
    LogEventKind{LogEvent::alarms_left_muted, "alarms_left_muted", LogLevel::warning},
    LogEventKind{LogEvent::client_refused, "client_refused", LogLevel::warning},
    LogEventKind{LogEvent::store_trouble, "store_trouble", LogLevel::error},
    LogEventKind{LogEvent::store_well_again, "store_well_again", LogLevel::info},
    LogEventKind{LogEvent::thread_hangs, "thread_hangs", LogLevel::error},
    LogEventKind{LogEvent::tasks_left, "tasks_left", LogLevel::warning},
    LogEventKind{LogEvent::lines_lost, "lines_lost", LogLevel::warning},
};
const LogEventKind& kind_of(LogEvent event);

/// What is not known, or does not apply, is "".
struct LogEntry {
  LogEvent event;
  std::string message;  ///< for people; may hold names from outside, never a secret
  std::string execution = {};
  std::string fleet = {};
  std::string environment = {};
  std::int64_t count = 1;    ///< so many of them: occurrences that were missed
  std::string address = {};  ///< of a client; of several, the last one's
};

/// Safe to use from several threads. Must be quick: an engine's own thread may call it.
class Log {
 public:
  virtual ~Log() = default;
  virtual void write(const LogEntry& entry) = 0;
  /// Before the process ends without an orderly end: what was said is to be seen, if it takes no longer.
  virtual void flush(std::chrono::milliseconds /*patience*/) {}
};

}  // namespace lamplighter
