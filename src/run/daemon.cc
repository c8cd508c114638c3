#include "run/daemon.h"

#include <chrono>
#include <cstdlib>
#include <set>

#include <fmt/format.h>
#include <unistd.h>

#include "api/auth/door.h"
#include "api/health/health.h"
#include "base/plain_text.h"
#include "base/words.h"
#include "http/http_server.h"
#include "run/access.h"
#include "run/book_scheduler.h"
#include "run/command.h"
#include "run/daemon_health.h"
#include "run/desk.h"
#include "run/execution_log.h"
#include "run/executions.h"
#include "run/exit_code.h"
#include "run/figures.h"
#include "run/fleets_in_force.h"
#include "run/front.h"
#include "run/held_directory.h"
#include "run/holder.h"
#include "run/holder_schedules.h"
#include "run/holder_socket.h"
#include "run/hours_keeper.h"
#include "run/leave.h"
#include "run/override_log.h"
#include "run/pulse.h"
#include "run/resumable.h"
#include "run/service_manager.h"
#include "run/start_occurrence.h"
#include "run/tell_missed.h"
#include "scheduler/scheduler.h"

namespace lamplighter::run {
namespace {

/// Starts that come together share a commit: a worker waits for each.
constexpr std::size_t kWorkers = 8;
constexpr std::chrono::seconds kLookAtDirectory{1};
// What each is given at the end. Together with the sockets' (half a second each) it stays under what
// run/leave.h gives the process.
/// Starts of occurrences.
constexpr std::chrono::milliseconds kTimeToStart{300};
/// Answers under way.
constexpr std::chrono::milliseconds kTimeToAnswer{1'000};
/// Tasks.
constexpr std::chrono::milliseconds kTimeForTasks{2'000};
/// The log's last words.
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

Result<std::unique_ptr<http::HttpServer>> listen(const DaemonOptions& options, Front& front) {
  http::HttpOptions http;
  http.address = options.address;
  http.port = options.port;
  http.workers = kWorkers;
  http.stop_timeout = kTimeToAnswer;
  return http::HttpServer::start(
      http, [&front](const http::Request& request) { return front.answer(request); },
      [&front](const http::Request& header) { return front.refuse(header); });
}

/// What those who look whether the daemon is well must know; nullopt where nobody has to.
Result<std::optional<std::string>> health_token(const DaemonOptions& options,
                                                const std::filesystem::path& state_dir) {
  if (is_loopback(options.address)) return std::nullopt;
  return TRY(api::load_or_make_health_token(state_dir));
}

/// A later run of its environments would be undone. Nobody else would ever end it.
Status end_overtaken(engine::Engine& engine, const Resumable& one, Log& log) {
  const std::string& name = one.execution.name;
  log.write({LogEvent::execution_left,
             fmt::format("{} was running, and is ended: it was overtaken by {}", name, one.overtaken_by),
             name});
  CHECK_OK(engine.stop_execution(one.execution.arn, "Overtaken", "by " + one.overtaken_by));
  return {};
}

/// Goes on with what was running, but for what a later run has overtaken, and for what reached AWS in another
/// way: that waits for `resume`. Gives their ARNs.
Result<std::set<std::string>> go_on(engine::Engine& engine, const DaemonOptions& options, Log& log) {
  const Access own = access_of(options.aws, options.speed, SystemHost(), {}, {});
  std::set<std::string> left;
  std::vector<Resumable> runs;  // others may have left many, through the API, that are no runs
  if (!TRY(running_runs(engine)).empty()) runs = TRY(resumable(engine, Place{options.state_dir, {}}, ""));
  for (const Resumable& one : runs) {
    const std::string& name = one.execution.name;
    if (one.access && leads_elsewhere(*one.access, own)) {
      left.insert(one.execution.arn);
      const Command resume{.verb = "resume", .arguments = {name}, .state_dir = options.state_dir};
      log.write({LogEvent::execution_left,
                 fmt::format("{} is left as it is: it was started with another profile or endpoint. While "
                             "nobody serves from here, it goes on with: {}",
                             name, command_text(resume, SystemHost())),
                 name});
    } else if (!one.overtaken_by.empty()) {
      CHECK_OK(end_overtaken(engine, one, log));
    }
  }
  for (const std::string& arn : TRY(engine.resume_all_but(left))) {
    const std::string name = arn.substr(arn.rfind(':') + 1);
    log.write({LogEvent::execution_resumed, fmt::format("{} was running, and goes on", name), name});
  }
  return left;
}

void say_beginning(const DaemonOptions& options, const std::filesystem::path& state_dir, Log& log) {
  log.write({LogEvent::daemon_began, fmt::format("lamplighter {} begins (process {}, state in {})",
                                                 options.version, ::getpid(), state_dir.string())});
}

void say_listening(const std::string& url, const std::filesystem::path& state_dir,
                   const std::vector<scheduler::Standing>& fleets, const DaemonOptions& options, Log& log) {
  for (const scheduler::Standing& fleet : fleets) {
    if (fleet.path.empty()) continue;  // what people made through the API
    log.write({LogEvent::fleet_in_force, words_of(fleet), "", fleet.fleet});
  }
  if (!options.signed_only) {
    log.write({LogEvent::listening, "Authentication is off: any program on this machine may use the API."});
  }
  log.write(
      {LogEvent::listening, fmt::format("Step Functions API at {} (state in {})", url, state_dir.string())});
}

/// The state directory's own, and the group's.
Result<std::vector<std::unique_ptr<HolderSocket>>> open_sockets(engine::Engine& engine, Clock& clock,
                                                                const DaemonOptions& options,
                                                                const std::set<std::string>& left,
                                                                CloudAccess& cloud,
                                                                const HolderSchedules& schedules) {
  const auto others = [&schedules](const http::Request& request) { return schedules.answer(request); };
  const Access own = access_of(options.aws, options.speed, SystemHost(), {}, {});
  std::vector<std::unique_ptr<HolderSocket>> sockets;
  sockets.push_back(TRY(HolderSocket::open(
      engine, clock, {socket_of(engine.options().state_dir), false, "serve", own, left, &cloud, others})));
  if (!options.socket.empty())
    sockets.push_back(
        TRY(HolderSocket::open(engine, clock, {options.socket, true, "serve", own, left, &cloud, others})));
  return sockets;
}

/// What schedules are fired with; all of it outlives the scheduler.
struct Works {
  const DaemonOptions& options;
  Clock& clock;
  engine::Engine& engine;
  OccurrenceStarter& starter;
  scheduler::Store& store;
  api::Book& book;
  FleetsInForce& fleets;
  Figures& figures;
  OverrideLog& overrides;
  Log& log;
};

/// Of the fleet files, and of what people made through the API.
Result<std::unique_ptr<scheduler::Scheduler>> open_scheduler(const Works& works) {
  const auto start = [works](const fleet::Fleet& fleet, const scheduler::Firing& firing) {
    return works.starter.start(fleet, firing);
  };
  const auto missed = [works](const fleet::Fleet& fleet, const std::vector<scheduler::Missed>& all) {
    return tell_missed(works.engine, fleet, all);
  };
  const auto in_force = [works](const fleet::Fleet& fleet, const scheduler::Timetable& timetable) {
    works.figures.know(fleet);
    works.overrides.know(fleet);
    works.fleets.know(fleet);
    if (const auto put = works.starter.put_in_force(fleet); !put)
      works.log.write({LogEvent::store_trouble, put.error().message, "", fleet.name});
    const Time now = works.clock.now();
    auto schedules = shown_schedules(fleet, timetable, works.book.place(), now);
    const Status shown = schedules ? works.book.show_fleet(fleet.name, *std::move(schedules), now)
                                   : Status(tl::unexpected(schedules.error()));
    if (!shown) works.log.write({LogEvent::store_trouble, shown.error().message, "", fleet.name});
  };
  auto scheduler = TRY(scheduler::Scheduler::open(
      works.options.fleet_files, {works.clock, works.store, start, works.log, in_force, missed}));
  CHECK_OK(scheduler->add(std::make_unique<BookScheduler>(
      works.book, works.engine, works.fleets,
      scheduler::Surroundings{works.clock, works.store, nullptr, works.log})));
  return scheduler;
}

/// Where something hangs, its thread still uses what is about to be destroyed.
void leave(std::size_t starting, std::size_t hanging, Log& log) {
  if (starting > 0) {
    log.write(
        {LogEvent::tasks_left, "a start has not ended and is left behind: the next process makes up for it"});
  }
  if (hanging > 0) {
    log.write(
        {LogEvent::tasks_left, fmt::format("{} not ended, left behind: the next process runs that again",
                                           count_of(hanging, "task"))});
  }
  log.write({LogEvent::daemon_ended, "ended"});
  if (starting + hanging == 0) return;
  log.flush(kTimeToSay);
  std::_Exit(ExitCode::success);
}

/// Until an ending signal. Error: internal "StateDirectoryGone", where another could be fired from by now.
Status wait_for_end(const EndSignals& end, const HeldDirectory& held, const std::filesystem::path& state_dir,
                    Log& log) {
  while (!end.wait_for(kLookAtDirectory)) {
    if (held.is_there()) continue;
    const auto words = fmt::format("the state directory {} was removed, or replaced by another",
                                   plain_line(state_dir.string()));
    log.write({LogEvent::store_trouble, words + ": nothing more is started from it"});
    return fail(ErrorKind::internal, "StateDirectoryGone", words);
  }
  return {};
}

}  // namespace

Status run_daemon(const DaemonOptions& options, Log& printed) {
  const EndSignals end;
  const ServiceManager manager;
  Figures figures;
  CountedLog log(figures, printed);
  CHECK_OK(check_speed(options.aws, options.speed));
  SystemClock clock(options.speed);
  const SystemClock wall;  // which signatures are dated by
  const auto access = TRY(CloudAccess::make(options.aws, clock));
  engine::Options engine_options;
  engine_options.state_dir = TRY(state_directory(options.state_dir));
  engine_options.patience = kTimeForTasks;
  say_beginning(options, engine_options.state_dir, log);
  engine_options.trouble = [&log](const std::string& text) { log.write({LogEvent::store_trouble, text}); };
  engine_options.well_again = [&log](const std::string& text) {
    log.write({LogEvent::store_well_again, text});
  };
  engine_options.retention = options.retention;
  const api::Door door(TRY(authentication(options, engine_options.state_dir)), wall);
  auto token = TRY(health_token(options, engine_options.state_dir));
  const auto engine = TRY(access->open_engine(engine_options, clock));
  const HeldDirectory held(engine_options.state_dir);
  const auto store = TRY(scheduler::Store::open(engine_options.state_dir / "schedules.sqlite"));
  const auto book = TRY(api::Book::open(*store, {engine->options().region, engine->options().account}));
  OccurrenceStarter starter(*engine, options.aws, options.speed);
  OverrideLog overrides(access->table_of(), clock, log);
  FleetsInForce fleets;
  const auto scheduler =
      TRY(open_scheduler({options, clock, *engine, starter, *store, *book, fleets, figures, overrides, log}));
  std::optional<ExecutionLog> execution_log(std::in_place, *engine, log, figures);
  std::optional<HoursKeeper> hours(std::in_place, *engine, clock, engine_options.trouble);
  const auto left = TRY(go_on(*engine, options, log));
  const auto may_target = [&](const api::ScheduleTarget& target) { return check_target(*engine, target); };
  DaemonHealth health({*engine, *scheduler, access->session(), figures, options.version, clock});
  Pulse pulse(
      *engine, [&](Heartbeat::Moment moment) { return scheduler->hanging_since(moment); },
      Pulse::options_for(manager), log, [&] { manager.alive(health.status()); });
  Front front(
      {*engine, door}, {*book, door, clock, may_target},
      {std::move(token),
       {[&] { return pulse.hanging(); }, [&] { return health.unready(); }, [&] { return health.metrics(); }}},
      log);
  const auto server = TRY(listen(options, front));
  const HolderSchedules schedules(*book, *store, clock, may_target);
  overrides.start();  // before anybody can make one
  auto sockets = TRY(open_sockets(*engine, clock, options, left, *access, schedules));
  say_listening(server->url(), engine_options.state_dir, scheduler->standing(), options, log);
  scheduler->start();
  manager.ready(health.status());
  Status ended = wait_for_end(end, held, engine_options.state_dir, log);
  manager.stopping();
  health.end();
  pulse.stop();
  const std::size_t starting = scheduler->stop(kTimeToStart);
  overrides.stop();
  server->stop();
  sockets.clear();
  hours.reset();
  const std::size_t hanging = engine->close();
  execution_log.reset();
  leave(starting, hanging, log);
  return ended;
}

}  // namespace lamplighter::run
