// The daemon: the engine and the Step Functions API over it, in one process over one state directory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"
#include "run/cloud_access.h"

namespace lamplighter::run {

inline constexpr std::uint16_t kDaemonPort = 8083;

struct DaemonOptions {
  std::string address = "127.0.0.1";  ///< an IP address
  std::uint16_t port = kDaemonPort;   ///< 0 picks a free one
  bool signed_only = true;            ///< false answers whoever asks, which only a loopback address may
  std::string state_dir;              ///< as state_directory() takes it
  AwsOptions aws;
  std::function<void(const std::string&)> trouble;  ///< as the engine's
  /// Told once it answers.
  std::function<void(const std::string& url, const std::filesystem::path& state_dir)> listening;
};

/// Goes on with what was running, and serves until an ending signal (run/interrupt.h). Ends the process where
/// something hangs
/// (run/leave.h). Errors: as Engine::open and HttpServer::start; bad_input "AuthenticationRequired".
Status run_daemon(const DaemonOptions& options);

}  // namespace lamplighter::run
