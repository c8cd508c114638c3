#include "run/simulated_world.h"

#include "aws/client/session.h"
#include "run/lambda_tasks.h"
#include "run/progress.h"
#include "run/simulated_fleet.h"
#include "simcloud/transport.h"
#include "tasks/alarm_desk.h"
#include "tasks/lookout.h"
#include "tasks/outside.h"
#include "tasks/task.h"

namespace lamplighter::run {
namespace {

/// Webhooks' secrets stand in any variable and any file, and receivers take whatever they are sent.
class SimulatedSecrets final : public Host {
 public:
  [[nodiscard]] std::optional<std::string> variable(const std::string& /*name*/) const override {
    return kSimulatedUrl;
  }
  [[nodiscard]] Result<std::optional<std::string>> read_file(const std::string& /*path*/) const override {
    return std::optional<std::string>(kSimulatedUrl);
  }
  [[nodiscard]] Result<std::string> run(const std::string& /*command*/) const override {
    return std::string();
  }
};
class SimulatedReceivers final : public http::Transport {
 public:
  Result<http::Response> send(const http::OutgoingRequest& /*request*/) override { return http::Response{}; }
};

/// No environment variables and no files: what the user has set up has no say in a simulation.
class EmptyHost final : public Host {
 public:
  [[nodiscard]] std::optional<std::string> variable(const std::string& /*name*/) const override {
    return std::nullopt;
  }
  [[nodiscard]] Result<std::optional<std::string>> read_file(const std::string& /*path*/) const override {
    return std::nullopt;
  }
  [[nodiscard]] Result<std::string> run(const std::string& /*command*/) const override {
    return std::string();
  }
};

/// The cloud's own clock: nobody here sets that.
class CloudClock final : public Clock {
 public:
  explicit CloudClock(engine::SimulationClock& clock) : clock_(clock) {}
  [[nodiscard]] Time now() const override { return clock_.line(); }
  void sleep(Duration duration) override { clock_.sleep(duration); }

 private:
  engine::SimulationClock& clock_;
};

class WatchedTransport final : public http::Transport {
 public:
  WatchedTransport(http::Transport& next, const Clock& clock, CallWatcher watcher)
      : next_(next), clock_(clock), watcher_(std::move(watcher)) {}
  Result<http::Response> send(const http::OutgoingRequest& request) override {
    if (watcher_) watcher_(request, clock_.now());
    return next_.send(request);
  }

 private:
  http::Transport& next_;
  const Clock& clock_;
  CallWatcher watcher_;
};

Result<aws::Invocation> no_other_functions(const std::string& function, const std::string& /*payload*/,
                                           std::chrono::milliseconds /*timeout*/) {
  return fail(ErrorKind::aws, "ResourceNotFoundException", "the simulated cloud has no function " + function);
}

}  // namespace

struct SimulatedWorld::Parts {
  Parts(const simcloud::CloudSpec& spec, Time start, CallWatcher watcher)
      : clock(start),
        cloud(spec),
        transport(cloud, cloud_clock, spec.seed),
        watched(transport, cloud_clock, std::move(watcher)),
        seed(spec.seed) {}

  EmptyHost host;
  SimulatedSecrets secrets;
  SimulatedReceivers receivers;
  tasks::Outside outside{receivers, secrets};
  engine::SimulationClock clock;
  CloudClock cloud_clock{clock};
  simcloud::Cloud cloud;
  simcloud::Transport transport;
  WatchedTransport watched;
  std::uint64_t seed;
  std::unique_ptr<aws::Session> session;
  coordination::Table* table = nullptr;

  LambdaTasks tasks() {
    return {[this](const json::value& payload, Clock& task_clock, bool again) {
              auto& all = shared();
              const tasks::Context context{.caller = *session,
                                           .clock = task_clock,
                                           .again = again,
                                           .lookout = &all.lookout,
                                           .alarms = &all.alarms,
                                           .table = table,
                                           .outside = &outside};
              return tasks::run_task(context, payload);
            },
            no_other_functions, clock};
  }

  /// What tasks share: a process has it, and it dies with it.
  struct Shared {
    Shared(aws::Caller& caller, Clock& clock) : lookout(caller, clock) {}
    tasks::Lookout lookout;
    tasks::AlarmDesks alarms;
  };
  Shared& shared() {
    if (!shared_ || process_ != clock.processes()) {
      shared_ = std::make_unique<Shared>(*session, clock);
      process_ = clock.processes();
    }
    return *shared_;
  }

 private:
  std::unique_ptr<Shared> shared_;
  int process_ = 0;
};

SimulatedWorld::SimulatedWorld(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SimulatedWorld::~SimulatedWorld() = default;

Result<std::unique_ptr<SimulatedWorld>> SimulatedWorld::make(const simcloud::CloudSpec& spec, Time start,
                                                             CallWatcher watcher) {
  auto parts = std::make_unique<Parts>(spec, start, std::move(watcher));
  aws::SessionOptions options;
  options.region = "us-east-1";
  options.credentials = aws::Credentials{"simulated", "simulated", ""};
  options.seed = spec.seed;
  parts->session = TRY(aws::Session::make(options, parts->host, parts->watched, parts->clock));
  return std::unique_ptr<SimulatedWorld>(new SimulatedWorld(std::move(parts)));
}

Result<engine::SimulationResult> SimulatedWorld::run(const fleet::Fleet& fleet, tasks::Action action,
                                                     const machine::CompileOptions& compile_options,
                                                     const engine::SimulationOptions& options,
                                                     const json::object& input) {
  const json::value definition = TRY(machine::compile(fleet, action, compile_options));
  return run(json_text(definition), input, options);
}

Result<engine::SimulationResult> SimulatedWorld::run(const std::string& definition, const json::value& input,
                                                     const engine::SimulationOptions& options) {
  LambdaTasks tasks = parts_->tasks();
  return engine::simulate(definition, input, parts_->clock, tasks, options);
}

Result<std::vector<engine::SimulationResult>> SimulatedWorld::run_together(const fleet::Fleet& fleet,
                                                                           const std::vector<Start>& starts) {
  std::vector<engine::SimulatedStart> all;
  for (const Start& start : starts) {
    const json::value definition = TRY(machine::compile(fleet, start.action));
    all.push_back({json_text(definition), start.input, start.at, start.options});
  }
  LambdaTasks tasks = parts_->tasks();
  return engine::simulate_together(all, parts_->clock, tasks);
}

void SimulatedWorld::agree_by(coordination::Table& table) { parts_->table = &table; }

Time run_end(const engine::SimulationResult& result) {
  return reported_at(result.events).value_or(result.execution.ended.value_or(result.execution.started));
}

simcloud::Cloud& SimulatedWorld::cloud() { return parts_->cloud; }
engine::SimulationClock& SimulatedWorld::clock() { return parts_->clock; }
aws::Caller& SimulatedWorld::caller() { return *parts_->session; }

}  // namespace lamplighter::run
