// The daemon: the engine, the scheduler that fires fleets' schedules, and the Step Functions API, in one
// process over one state directory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "run/cloud_access.h"
#include "scheduler/fleet_scheduler.h"

namespace lamplighter::run {

inline constexpr std::uint16_t kDaemonPort = 8083;

/// What somebody is told once the daemon answers.
struct DaemonStanding {
  std::string url;
  std::filesystem::path state_dir;
  std::vector<scheduler::Standing> fleets;  ///< a fleet file each
};

struct DaemonOptions {
  std::vector<std::string> fleet_files;  ///< whose schedules it fires
  double speed = 1;                      ///< as RealRun's
  std::string address = "127.0.0.1";     ///< an IP address
  std::uint16_t port = kDaemonPort;      ///< 0 picks a free one
  bool signed_only = true;               ///< false answers whoever asks, which only a loopback address may
  std::string state_dir;                 ///< as state_directory() takes it
  std::string socket = {};               ///< beside the state directory's own, for a group; "" for none
  AwsOptions aws;
  std::function<void(const std::string&)> trouble;       ///< as the engine's
  std::function<void(const std::string&)> said;          ///< told what schedules did
  std::function<void(const DaemonStanding&)> listening;  ///< told once it answers
};

/// Goes on with what was running, and serves until an ending signal (run/interrupt.h). Ends the process where
/// something hangs
/// (run/leave.h). Errors: as Engine::open, Scheduler::open and
/// HttpServer::start; bad_input "AuthenticationRequired", "Usage" for a speed that AWS has not.
Status run_daemon(const DaemonOptions& options);

}  // namespace lamplighter::run
