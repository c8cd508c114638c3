// One EC2 instance of the simulated cloud: its states, how long it takes from one to the next, and its status
// checks.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "simcloud/cloud.h"

namespace lamplighter::simcloud {

enum class ServerState { pending, running, stopping, stopped };
std::string_view to_string(ServerState state);
/// EC2's number for a state: 0, 16, 64, 80.
int state_code(ServerState state);

/// How a start or a stop will go.
enum class Fate { well, relapse, stuck, impaired, impaired_volume };

/// All it draws comes from its own generator, a fork for each start and stop, so that neither another server
/// nor the time of a call changes it. `advance` it to the present before reading it.
class SimulatedServer {
 public:
  /// `fate`: how the start went of a server that is running to begin with.
  SimulatedServer(const ServerSpec& spec, const Random& cloud, Fate fate);

  /// Takes what has happened up to `now` into account.
  void advance(Time now);
  /// stopped → pending. In any other state nothing happens.
  void start(Time now, Fate fate);
  /// running → stopping. In any other state nothing happens; but `force` frees one that is stuck while
  /// stopping.
  void stop(Time now, Fate fate, bool force);

  [[nodiscard]] ServerState state() const { return state_; }
  /// "ok", "initializing", "impaired" or "not-applicable".
  [[nodiscard]] std::string_view instance_status(Time now) const;
  [[nodiscard]] std::string_view system_status(Time now) const;
  /// Of all its attached volumes together.
  [[nodiscard]] std::string_view attached_ebs_status(Time now) const;

  /// What its last start (or, before the first, its next one) takes from the call until both checks have
  /// passed.
  [[nodiscard]] Duration start_duration() const;
  /// What its last (or first) stop takes from the call until it is stopped.
  [[nodiscard]] Duration stop_duration() const;

  std::string id;
  std::string region;
  std::string availability_zone;
  std::string private_ip;
  std::map<std::string, std::string> tags;  ///< with Name
  std::string reservation_id;
  std::string root_device_type = "ebs";  ///< or "instance-store"
  bool is_spot = false;
  Time launched{};
  Time checks_began{};
  std::string state_reason_code;  ///< "" for none
  std::string state_reason_message;
  std::string transition_reason;

  [[nodiscard]] std::string name() const;

 private:
  struct StartTimes {
    Duration pending;
    Duration system_check;    ///< after running
    Duration instance_check;  ///< after running, the later one
  };
  [[nodiscard]] StartTimes start_times(int start) const;
  [[nodiscard]] Duration stop_time(int stop) const;
  void begin(ServerState state, Time now, std::optional<Duration> lasting);
  void finish_pending();
  void finish_stopping();
  void stopped_with(std::string code, std::string message, std::string transition);

  Random random_;
  ServerState state_ = ServerState::stopped;
  Fate fate_ = Fate::well;
  std::optional<Time> until_;  ///< when the passing state ends; nullopt: it does not
  int starts_ = 0;
  int stops_ = 0;
};

}  // namespace lamplighter::simcloud
