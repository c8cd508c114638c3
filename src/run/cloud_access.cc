#include "run/cloud_access.h"

#include <array>
#include <mutex>
#include <random>
#include <set>

#include <fmt/format.h>
#include <unistd.h>

#include "aws/client/endpoint.h"
#include "aws/credentials/config.h"
#include "coordination/dynamodb_table.h"
#include "coordination/engine_id.h"
#include "coordination/sqlite_table.h"
#include "tasks/alarm_desk.h"
#include "tasks/lookout.h"
#include "tasks/protocol/run.h"
#include "tasks/task.h"

namespace lamplighter::run {
namespace {

std::uint64_t jitter_seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

/// Says what is being waited for, each once. A Lambda function that is slow is at work, and not silent.
class WaitingNotice {
 public:
  explicit WaitingNotice(std::function<void(const std::string&)> tell) : tell_(std::move(tell)) {}

  void operator()(const http::OutgoingRequest& request) {
    if (!request.signing || request.signing->service == "lambda") return;
    const auto& [region, service, credentials] = *request.signing;
    const std::string what = fmt::format("{} in {}", service, region);
    {
      const std::lock_guard lock(mutex_);
      if (!told_.insert(what).second) return;
    }
    tell_(fmt::format("waiting for an answer of {} ({})", what, request.url));
  }

 private:
  std::function<void(const std::string&)> tell_;
  std::mutex mutex_;
  std::set<std::string> told_;
};

/// This machine, but for some variables.
class HostWithVariables final : public Host {
 public:
  explicit HostWithVariables(std::map<std::string, std::string> variables)
      : variables_(std::move(variables)) {}
  [[nodiscard]] std::optional<std::string> variable(const std::string& name) const override {
    const auto found = variables_.find(name);
    if (found == variables_.end()) return system_.variable(name);
    return found->second.empty() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] Result<std::optional<std::string>> read_file(const std::string& path) const override {
    return system_.read_file(path);
  }
  [[nodiscard]] Result<std::string> run(const std::string& command) const override {
    return system_.run(command);
  }

 private:
  SystemHost system_;
  std::map<std::string, std::string> variables_;
};

http::CurlOptions curl_options(const AwsOptions& options, const Host& host) {
  http::CurlOptions curl{.ca_bundle = http::find_ca_bundle(host)};
  if (!options.waiting) return curl;
  curl.slow = [notice = std::make_shared<WaitingNotice>(options.waiting)](
                  const http::OutgoingRequest& request) { (*notice)(request); };
  return curl;
}

/// True where every service that a run calls is on this machine.
Result<bool> all_on_loopback(const AwsOptions& options) {
  constexpr std::array<std::string_view, 6> kServices{"ec2",      "cloudwatch", "resource_groups_tagging_api",
                                                      "dynamodb", "sns",        "sts"};
  const SystemHost host;
  const aws::Config config = TRY(aws::load_config(host));
  const std::string name =
      options.profile.empty() ? host.variable("AWS_PROFILE").value_or("default") : options.profile;
  const auto profile = config.profiles.find(name);
  const auto endpoints =
      TRY(aws::Endpoints::make(options.endpoint_url, host, config,
                               profile == config.profiles.end() ? aws::Profile{} : profile->second));
  for (const std::string_view service : kServices) {
    if (!endpoints.on_loopback(service)) return false;
  }
  return true;
}

/// The runner for tasks that go through `session`.
std::unique_ptr<LambdaTasks> make_runner(aws::Session& session, Clock& clock, Agreement& agreement,
                                         const tasks::Outside& outside) {
  const auto alarms = std::make_shared<tasks::AlarmDesks>();
  return std::make_unique<LambdaTasks>(
      [&session, &agreement, &outside, alarms, lookout = std::make_shared<tasks::Lookout>(session, clock)](
          const json::value& told, Clock& task_clock, bool again) {
        const json::value payload = tasks::with_run_told(told);
        const EngineHolders::AtWork at_work(agreement.holders, payload);
        const tasks::Context context{session,
                                     task_clock,
                                     again,
                                     lookout.get(),
                                     alarms.get(),
                                     false,
                                     agreement.table.get(),
                                     &agreement.holders,
                                     agreement.engine,
                                     &outside};
        return tasks::run_task(context, payload);
      },
      [&session](const std::string& function, const std::string& payload, std::chrono::milliseconds timeout) {
        // A bare name means the engine's own region, as in Step Functions.
        const aws::Target here{session.region().empty() ? engine::Options{}.region : session.region(), ""};
        return aws::Lambda(session, here).invoke(function, payload, timeout);
      },
      clock);
}

}  // namespace

Result<std::unique_ptr<CloudAccess>> CloudAccess::make(const AwsOptions& options, Clock& clock) {
  std::unique_ptr<CloudAccess> access(new CloudAccess());
  access->host_ = std::make_unique<HostWithVariables>(options.variables);
  access->transport_ = std::make_unique<http::CurlTransport>(curl_options(options, *access->host_));
  aws::SessionOptions session;
  session.region = options.region;
  session.profile = options.profile;
  session.endpoint_url = options.endpoint_url;
  session.seed = jitter_seed();
  access->session_ = TRY(aws::Session::make(session, *access->host_, *access->transport_, clock));
  access->web_ = std::make_unique<http::CurlTransport>(
      http::CurlOptions{.ca_bundle = http::find_ca_bundle(*access->host_)});
  access->outside_ = std::make_unique<tasks::Outside>(tasks::Outside{*access->web_, *access->host_});
  access->runner_ = make_runner(*access->session_, clock, access->agreement_, *access->outside_);
  return access;
}

Result<std::unique_ptr<engine::Engine>> CloudAccess::open_engine(const engine::Options& options,
                                                                 Clock& clock) {
  auto engine = TRY(engine::Engine::open(options, clock, *runner_));
  agreement_.table = TRY(coordination::SqliteTable::open(coordination::file_in(options.state_dir)));
  agreement_.engine = TRY(coordination::engine_id(*agreement_.table));
  agreement_.holders.ask(*engine);
  return engine;
}

std::shared_ptr<coordination::Table> CloudAccess::table(const tasks::Coordination& coordination) {
  switch (coordination.kind) {
    case tasks::Coordination::Kind::engine:
      return agreement_.table;
    case tasks::Coordination::Kind::table:
      return std::make_shared<coordination::DynamoDbTable>(*session_, aws::Target{coordination.region, ""},
                                                           coordination.table);
    case tasks::Coordination::Kind::none:
      break;
  }
  return nullptr;
}

Status check_speed(const AwsOptions& options, double speed) {
  if (speed == 1 || TRY(all_on_loopback(options))) return {};
  return fail(
      ErrorKind::bad_input, "Usage",
      "--speed is for a simulated cloud on this machine: say --endpoint-url http://127.0.0.1:PORT, or leave "
      "it out");
}

}  // namespace lamplighter::run
