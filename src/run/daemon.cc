#include "run/daemon.h"

#include <chrono>
#include <cstdlib>
#include <set>

#include <fmt/format.h>
#include <unistd.h>

#include "api/auth/door.h"
#include "api/scheduler/scheduler_api.h"
#include "api/stepfunctions/step_functions.h"
#include "http/http_server.h"
#include "run/access.h"
#include "run/book_scheduler.h"
#include "run/command.h"
#include "run/executions.h"
#include "run/exit_code.h"
#include "run/holder.h"
#include "run/holder_socket.h"
#include "run/leave.h"
#include "run/start_occurrence.h"
#include "scheduler/scheduler.h"

namespace lamplighter::run {
namespace {

/// Starts that come together share a commit: a worker waits for each.
constexpr std::size_t kWorkers = 8;
/// What answers under way are given at the end; with the engine's patience it stays under 5 s.
constexpr std::chrono::milliseconds kTimeToAnswer{1'500};

/// For the log's last words, where the process ends at once.
constexpr std::chrono::milliseconds kTimeToSay{300};

bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

/// The key pair that requests must be signed with; none where nobody has to.
Result<std::optional<api::KeyPair>> authentication(const DaemonOptions& options,
                                                   const std::filesystem::path& state_dir) {
  if (options.signed_only) return TRY(api::load_or_make_key_pair(state_dir));
  if (is_loopback(options.address)) return std::nullopt;
  return fail(
      ErrorKind::bad_input, "AuthenticationRequired",
      fmt::format("--auth none is possible on a loopback address only; found --address {}", options.address));
}

/// Both APIs, told apart by a request's path.
struct Apis {
  api::StepFunctions executions;
  api::SchedulerApi schedules;
};

Result<std::unique_ptr<http::HttpServer>> listen(const DaemonOptions& options, const Apis& apis) {
  http::HttpOptions http;
  http.address = options.address;
  http.port = options.port;
  http.workers = kWorkers;
  http.stop_timeout = kTimeToAnswer;
  return http::HttpServer::start(
      http,
      [&apis](const http::Request& request) {
        return api::SchedulerApi::is_meant(request) ? apis.schedules.handle(request)
                                                    : apis.executions.handle(request);
      },
      [&apis](const http::Request& header) {
        return api::SchedulerApi::is_meant(header) ? apis.schedules.refuse(header)
                                                   : apis.executions.refuse(header);
      });
}

/// Goes on with what was running, but for what reached AWS in another way: that waits for `resume`.
Status go_on(engine::Engine& engine, const DaemonOptions& options, Log& log) {
  const Access own = access_of(options.aws, options.speed, SystemHost(), {}, {});
  std::set<std::string> left;
  for (const engine::Execution& one : TRY(running_runs(engine))) {
    const auto access = read_access(parse_json(one.input).value_or(json::value()));
    if (!access || !leads_elsewhere(*access, own)) continue;
    left.insert(one.arn);
    const Command resume{.verb = "resume", .arguments = {one.name}, .state_dir = options.state_dir};
    log.write({LogEvent::execution_left,
               fmt::format("{} is left as it is: it was started with another profile or endpoint. While "
                           "nobody serves from here, it goes on with: {}",
                           one.name, command_text(resume, SystemHost())),
               one.name});
  }
  for (const std::string& arn : TRY(engine.resume_all_but(left))) {
    const std::string name = arn.substr(arn.rfind(':') + 1);
    log.write({LogEvent::execution_resumed, fmt::format("{} was running, and goes on", name), name});
  }
  return {};
}

void say_listening(const std::string& url, const std::filesystem::path& state_dir,
                   const std::vector<scheduler::Standing>& fleets, const DaemonOptions& options, Log& log) {
  for (const scheduler::Standing& fleet : fleets)
    log.write({LogEvent::fleet_in_force, words_of(fleet), "", fleet.fleet});
  if (!options.signed_only) {
    log.write({LogEvent::listening, "Authentication is off: any program on this machine may use the API."});
  }
  log.write(
      {LogEvent::listening, fmt::format("Step Functions API at {} (state in {})", url, state_dir.string())});
}

/// The state directory's own, and the group's.
Result<std::vector<std::unique_ptr<HolderSocket>>> open_sockets(engine::Engine& engine, Clock& clock,
                                                                const DaemonOptions& options) {
  const Access own = access_of(options.aws, options.speed, SystemHost(), {}, {});
  std::vector<std::unique_ptr<HolderSocket>> sockets;
  sockets.push_back(
      TRY(HolderSocket::open(engine, clock, {socket_of(engine.options().state_dir), false, "serve", own})));
  if (!options.socket.empty())
    sockets.push_back(TRY(HolderSocket::open(engine, clock, {options.socket, true, "serve", own})));
  return sockets;
}

/// Where a task hangs, its thread still uses what is about to be destroyed.
void leave(std::size_t hanging, Log& log) {
  if (hanging > 0) {
    log.write(
        {LogEvent::tasks_left, fmt::format("{} and left behind: whoever goes on with it runs that again",
                                           hanging == 1 ? "a task has not ended"
                                                        : fmt::format("{} tasks have not ended", hanging))});
  }
  log.write({LogEvent::daemon_ended, "ended"});
  if (hanging == 0) return;
  log.flush(kTimeToSay);
  std::_Exit(ExitCode::success);
}

}  // namespace

Status run_daemon(const DaemonOptions& options, Log& log) {
  const EndSignals end;
  CHECK_OK(check_speed(options.aws, options.speed));
  SystemClock clock(options.speed);
  const SystemClock wall;  // which signatures are dated by
  const auto access = TRY(CloudAccess::make(options.aws, clock));
  engine::Options engine_options;
  engine_options.state_dir = TRY(state_directory(options.state_dir));
  log.write(
      {LogEvent::daemon_began, fmt::format("lamplighter {} (process {}) begins, state in {}", options.version,
                                           ::getpid(), engine_options.state_dir.string())});
  engine_options.trouble = [&log](const std::string& text) { log.write({LogEvent::store_trouble, text}); };
  const api::Door door(TRY(authentication(options, engine_options.state_dir)), wall);
  const auto engine = TRY(engine::Engine::open(engine_options, clock, access->runner()));
  const auto store = TRY(scheduler::Store::open(engine_options.state_dir / "schedules.sqlite"));
  const auto start = [&](const fleet::Fleet& fleet, const scheduler::Firing& firing) {
    return start_occurrence(*engine, options.aws, options.speed, fleet, firing);
  };
  const auto book = TRY(api::Book::open(*store, {engine->options().region, engine->options().account}));
  const auto show = [&](const fleet::Fleet& fleet) {
    const auto shown = book->show_fleet(fleet.name, shown_schedules(fleet, book->place()), clock.now());
    if (!shown) log.write({LogEvent::store_trouble, shown.error().message, "", fleet.name});
  };
  const scheduler::Surroundings surroundings{clock, *store, start, log, show};
  const auto scheduler = TRY(scheduler::Scheduler::open(options.fleet_files, surroundings));
  CHECK_OK(scheduler->add(
      std::make_unique<BookScheduler>(*book, *engine, scheduler::Surroundings{clock, *store, nullptr, log})));
  CHECK_OK(go_on(*engine, options, log));
  const auto may_target = [&](const api::ScheduleTarget& target) { return check_target(*engine, target); };
  const Apis apis{{*engine, door}, {*book, door, clock, may_target}};
  const auto server = TRY(listen(options, apis));
  auto sockets = TRY(open_sockets(*engine, clock, options));
  say_listening(server->url(), engine_options.state_dir, scheduler->standing(), options, log);
  scheduler->start();
  end.wait();
  scheduler->stop();
  server->stop();
  sockets.clear();
  leave(engine->close(), log);
  return {};
}

}  // namespace lamplighter::run
