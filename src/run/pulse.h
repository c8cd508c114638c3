// Whether this process is alive: the engine's thread and the scheduler's come round. Who waits for an AWS
// that is slow is alive (base/heartbeat.h); a thread that hangs is not, and systemd is told nothing more, so
// that its watchdog starts the service anew.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/heartbeat.h"
#include "base/log.h"
#include "base/mutex.h"
#include "engine/runtime/engine.h"
#include "run/service_manager.h"

namespace lamplighter::run {

/// Safe to use from several threads. Keeps references to what it is given.
class Pulse {
 public:
  /// Which of the scheduler's threads have not come round since then.
  using HangingSince = std::function<std::vector<std::string>(Heartbeat::Moment)>;
  struct Options {
    std::chrono::milliseconds every{10'000};    ///< half of what the watchdog allows
    std::chrono::milliseconds patience{3'000};  ///< a thread has so long for its round, at least
  };
  /// As often as the service manager's watchdog asks for.
  static Options options_for(const ServiceManager& manager);

  /// Looks at once, and from then on. `alive` is called each time that all threads come round.
  Pulse(engine::Engine& engine, HangingSince scheduler, Options options, Log& log,
        std::function<void()> alive);
  ~Pulse() { stop(); }
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

  /// Looks no more. Idempotent; for one thread.
  void stop();
  /// Which threads hung at the last look: "the engine", "the schedules of f".
  [[nodiscard]] std::vector<std::string> hanging() const;

 private:
  void run();
  bool wait_until(Heartbeat::Moment moment);
  void ping();
  [[nodiscard]] std::vector<std::string> hanging_since(Heartbeat::Moment moment) const;
  std::vector<std::string> look(Heartbeat::Moment since);
  void note(std::vector<std::string> hanging);

  engine::Engine& engine_;
  const HangingSince scheduler_;
  const Options options_;
  Log& log_;
  const std::function<void()> alive_;
  const std::shared_ptr<Heartbeat> engine_heart_ = std::make_shared<Heartbeat>();
  mutable Mutex mutex_;
  std::condition_variable changed_;
  bool ending_ GUARDED_BY(mutex_) = false;
  std::vector<std::string> hanging_ GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace lamplighter::run
