// The way to AWS (or to what stands for it) and the handler of tasks behind it, put together for one run.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "aws/client/session.h"
#include "base/clock.h"
#include "base/host.h"
#include "base/result.h"
#include "coordination/table.h"
#include "engine/runtime/engine.h"
#include "http/curl_transport.h"
#include "run/engine_holders.h"
#include "run/lambda_tasks.h"
#include "tasks/outside.h"
#include "tasks/protocol/lease.h"

namespace lamplighter::run {

/// How AWS, or what stands for it, is reached.
struct AwsOptions {
  std::string endpoint_url;
  std::string profile;
  std::string region;  ///< for calls that belong to no environment
  /// Stand in for those of the environment that have their names; "" for one that is not set.
  std::map<std::string, std::string> variables = {};
  /// Told, once a service and region, that an answer is being waited for. From any thread.
  std::function<void(const std::string&)> waiting = {};
};

/// What the tasks of one engine agree by. Outlives them.
struct Agreement {
  std::shared_ptr<coordination::Table> table;  ///< nullptr until an engine is opened
  std::string engine;                          ///< the engine's id
  EngineHolders holders;
};

/// The table by which runs with such a coordination agree; nullptr where they agree by none.
using TableOf = std::function<std::shared_ptr<coordination::Table>(const tasks::Coordination&)>;

/// A session over the network and its task runner. Refers to the clock.
class CloudAccess {
 public:
  static Result<std::unique_ptr<CloudAccess>> make(const AwsOptions& options, Clock& clock);

  [[nodiscard]] aws::Session& session() { return *session_; }

  /// Opens an engine whose tasks run here; they agree by a table in its state directory. Errors: as
  /// Engine::open and SqliteTable::open.
  Result<std::unique_ptr<engine::Engine>> open_engine(const engine::Options& options, Clock& clock);

  /// Gives that of the engine's state directory, or one of DynamoDB's. For as long as this lives.
  [[nodiscard]] TableOf table_of() {
    return [this](const tasks::Coordination& coordination) { return table(coordination); };
  }

 private:
  CloudAccess() = default;
  [[nodiscard]] std::shared_ptr<coordination::Table> table(const tasks::Coordination& coordination);
  std::unique_ptr<Host> host_;
  std::unique_ptr<http::CurlTransport> transport_;
  std::unique_ptr<aws::Session> session_;
  std::unique_ptr<http::CurlTransport> web_;  ///< for webhooks: it tells nobody of their URLs
  std::unique_ptr<tasks::Outside> outside_;
  Agreement agreement_;
  std::unique_ptr<LambdaTasks> runner_;
};

/// That time may run so many times faster. Error: bad_input "Usage" for a speed that AWS has not.
Status check_speed(const AwsOptions& options, double speed);

}  // namespace lamplighter::run
