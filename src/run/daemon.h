// The daemon: the engine, the scheduler that fires fleets' schedules, and the Step Functions API, in one
// process over one state directory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "engine/core/records.h"
#include "run/cloud_access.h"

namespace lamplighter::run {

inline constexpr std::uint16_t kDaemonPort = 8083;

struct DaemonOptions {
  std::vector<std::string> fleet_files;  ///< whose schedules it fires
  double speed = 1;                      ///< as RealRun's
  std::string address = "127.0.0.1";     ///< an IP address
  std::uint16_t port = kDaemonPort;      ///< 0 picks a free one
  bool signed_only = true;               ///< false answers whoever asks, which only a loopback address may
  std::string state_dir;                 ///< as state_directory() takes it
  std::string socket = {};               ///< beside the state directory's own, for a group; "" for none
  std::optional<engine::Retention> retention = {};  ///< as the engine's
  AwsOptions aws;
  std::string version = {};  ///< of this program, for whoever looks
};

/// Goes on with what was running, says in `log` what matters, and serves until an ending signal
/// (run/interrupt.h). Ends the process where something hangs (run/leave.h). Errors: as Engine::open,
/// Scheduler::open and HttpServer::start; bad_input "AuthenticationRequired", "Usage" for a speed that AWS
/// has not.
Status run_daemon(const DaemonOptions& options, Log& log);

}  // namespace lamplighter::run
