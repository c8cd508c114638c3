// The socket at which the process that holds a state directory lets others look, start and stop.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "api/stepfunctions/step_functions.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/runtime/engine.h"
#include "http/http_server.h"
#include "run/access.h"
#include "run/cloud_access.h"

namespace lamplighter::run {

struct HolderSocketOptions {
  std::filesystem::path socket;
  bool group = false;               ///< the socket is its group's, too
  std::string verb;                 ///< what the process does: "serve", "start", …
  Access access;                    ///< its way to AWS
  std::set<std::string> left = {};  ///< ARNs of what runs and it doesn't carry on
  /// By which the engine's runs reach AWS, and agree: others ask there too. May be null.
  CloudAccess* cloud = nullptr;
  /// Answers what is none of the engine's; nullopt for what is. May be empty.
  std::function<std::optional<http::Response>(const http::Request&)> others = nullptr;
};

/// Serves the Step Functions API there while it lives, unsigned: the kernel says who asks. Keeps references
/// to the engine and the clock.
class HolderSocket {
 public:
  /// Error: as HttpServer::start.
  static Result<std::unique_ptr<HolderSocket>> open(engine::Engine& engine, Clock& clock,
                                                    HolderSocketOptions options);

  HolderSocket(const HolderSocket&) = delete;
  HolderSocket& operator=(const HolderSocket&) = delete;
  ~HolderSocket();

  /// Waits until what others have started here has ended, all but `own`, and closes. `tell` is told what is
  /// waited for, by name, where that is anything.
  void wait_for_guests(const std::set<std::string>& own,
                       const std::function<void(const std::set<std::string>&)>& tell);

 private:
  HolderSocket(engine::Engine& engine, Clock& clock, HolderSocketOptions options);
  Status listen();
  [[nodiscard]] http::Response answer(const http::Request& request) const;
  void note(const engine::Appended& appended);
  [[nodiscard]] std::set<std::string> guests_but(const std::set<std::string>& own);

  Clock& clock_;
  const HolderSocketOptions options_;
  const api::Door door_;
  const api::StepFunctions api_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> running_;  ///< ARNs of what was started since the socket was opened
  engine::Subscription subscription_;
  std::unique_ptr<http::HttpServer> server_;
};

}  // namespace lamplighter::run
