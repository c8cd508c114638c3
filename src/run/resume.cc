#include "run/resume.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "run/after_report.h"
#include "run/command.h"
#include "run/desk.h"
#include "run/embedded_run.h"
#include "run/executions.h"
#include "run/exit_code.h"
#include "run/hours_keeper.h"
#include "run/interrupt.h"
#include "run/leave.h"
#include "run/resumable.h"
#include "run/resume_beside.h"
#include "run/standing.h"
#include "run/stay.h"
#include "run/teller.h"

namespace lamplighter::run {
namespace {

/// One execution that goes on, with its own picture. Lives as long as the engine tells it events.
struct Followed {
  const Resumable* what;
  std::unique_ptr<Progress> progress;
  engine::Subscription subscription;
  bool reported_before = false;
};

/// A profile that was given may be another one than the execution remembers.
std::string command_for(const ResumeOrder& order, const char* verb, const Resumable& one) {
  Command command{.verb = verb, .arguments = {one.execution.name}, .state_dir = order.state_dir};
  if (command.verb == "resume" && (!one.access || !order.aws.profile.empty())) {
    command.aws = order.aws;
    command.speed = order.speed == 0 ? 1 : order.speed;
  }
  return command_text(command, SystemHost());
}

std::string words_of(const ResumeOrder& order, const Resumable& overtaken) {
  return fmt::format("{} was overtaken by {}: to go on would undo that. This ends it:\n  {}",
                     overtaken.execution.name, overtaken.overtaken_by,
                     command_for(order, "cancel", overtaken));
}

/// Those that nothing has overtaken. Error: bad_input "Overtaken" where none is left, or all are to go on.
Result<std::vector<Resumable>> still_meant(const ResumeOrder& order, std::vector<Resumable> running) {
  const auto is_overtaken = [](const Resumable& one) { return !one.overtaken_by.empty(); };
  std::vector<std::string> overtaken;
  for (const Resumable& one : running) {
    if (is_overtaken(one)) overtaken.push_back(words_of(order, one));
  }
  std::erase_if(running, is_overtaken);
  if (overtaken.empty()) return running;
  const std::string text = fmt::format("{}", fmt::join(overtaken, "\n"));
  if (running.empty() || order.all) return fail(ErrorKind::bad_input, "Overtaken", text);
  order.tell(text);
  return running;
}

tl::unexpected<Error> several(const ResumeOrder& order, const std::vector<Resumable>& running) {
  std::string text = "found several executions that can go on: name one, or say --all";
  for (const Resumable& one : running) {
    text += fmt::format("\n  {}  #{}", command_for(order, "resume", one),
                        description_of(one).substr(one.execution.name.size()));
  }
  return fail(ErrorKind::bad_input, "SeveralRunning", text);
}

Result<std::vector<Resumable>> chosen_of(const ResumeOrder& order, std::vector<Resumable> running) {
  if (running.size() < 2 || order.all) return running;
  if (!order.choose) return several(order, running);
  std::vector<std::string> names;
  for (const Resumable& one : running) names.push_back(description_of(one));
  std::vector<Resumable> chosen;
  for (const std::size_t place : order.choose(names)) chosen.push_back(std::move(running.at(place)));
  if (chosen.empty()) return fail(ErrorKind::bad_input, "Usage", "nothing was resumed");
  return chosen;
}

/// What is to go on, read while nothing runs.
Result<std::vector<Resumable>> find_out(const ResumeOrder& order) {
  CHECK_OK(check_nobody_carries_on(order.state_dir, order.execution));
  const auto engine = TRY(open_to_look(order.state_dir));
  auto running =
      TRY(still_meant(order, TRY(resumable(*engine, Place{order.state_dir, {}}, order.execution))));
  return chosen_of(order, std::move(running));
}

struct Way {
  AwsOptions aws;
  double speed = 1;

  [[nodiscard]] bool same_as(const Way& other) const {
    const auto all = [](const Way& way) {
      return std::tie(way.aws.endpoint_url, way.aws.profile, way.aws.region, way.aws.variables, way.speed);
    };
    return all(*this) == all(other);
  }
};

/// How all of them are reached. Error: as options_to_go_on(); bad_input "SeveralRunning" where the ways
/// differ: one process has one.
Result<Way> way_of(const ResumeOrder& order, const std::vector<Resumable>& chosen) {
  std::vector<Way> ways;
  for (const Resumable& one : chosen) {
    if (one.is_damaged()) continue;
    Way way{order.aws, order.speed};
    if (way.speed == 0) way.speed = one.access ? one.access->speed : 1;
    if (one.access) way.aws = TRY(options_to_go_on(one.execution.name, *one.access, order.aws));
    ways.push_back(std::move(way));
  }
  if (ways.empty()) return Way{order.aws, order.speed == 0 ? 1 : order.speed};
  const auto differs = [&](const Way& way) { return !way.same_as(ways.front()); };
  if (std::any_of(ways.begin(), ways.end(), differs)) return several(order, chosen);
  return ways.front();
}

/// As `start` looks first: at the accounts, then at the servers.
Status look_first(const ResumeOrder& order, aws::Session& session, const Resumable& one) {
  if (!one.shape || one.is_damaged()) return {};
  const auto accounts = one.access ? accounts_of(session, *one.shape) : Accounts();
  if (one.access) CHECK_OK(check_accounts(accounts, accounts_in(*one.access, *one.shape), *one.shape));
  const auto lines = TRY(standing_of(session, *one.shape));
  order.tell(fmt::format("{} goes on ({})", one.execution.name, session.credentials_name()));
  for (const std::string& line : lines) order.tell("  " + line);
  return {};
}

Result<Followed> follow_on(engine::Engine& engine, const Resumable& one) {
  Followed follows{&one, nullptr, {}, false};
  if (one.shape) {
    follows.progress = std::make_unique<Progress>(*one.shape, one.execution.name);
    CHECK_OK(catch_up(engine, one.execution.arn, *follows.progress));
    follows.reported_before = follows.progress->unmuting().has_value();
    follows.subscription = follow(engine, one.execution.name, *follows.progress);
  }
  CHECK_OK(engine.resume(one.execution.arn));
  return follows;
}

/// Starts them all; those of our own making are followed. One that is damaged ends (the engine says so), and
/// no other with it.
Result<std::vector<Followed>> go_on(engine::Engine& engine, const std::vector<Resumable>& chosen) {
  std::vector<Followed> followed;
  for (const Resumable& one : chosen) {
    auto follows = follow_on(engine, one);
    if (follows) {
      followed.push_back(*std::move(follows));
    } else if (follows.error().code != kDamaged) {
      return tl::unexpected(std::move(follows).error());
    } else {
      static_cast<void>(engine.resume(one.execution.arn));  // the same error
    }
  }
  return followed;
}

/// Waits for one that has no picture: a machine of another's making.
Result<RunEnd> wait(engine::Engine& engine, const std::string& arn) {
  while (true) {
    auto execution = TRY(engine.wait_for_end(arn, std::chrono::milliseconds(100)));
    const bool ended = execution.status != engine::ExecutionStatus::running;
    if (ended || Interrupt::requested()) return RunEnd{std::move(execution), false, !ended};
  }
}

Outcome outcome_without_picture(const RunEnd& end) {
  Outcome outcome;
  outcome.json = {{"execution", end.execution.name}, {"status", engine::to_string(end.execution.status)}};
  outcome.body = fmt::format("{}: {}\n", end.execution.name, engine::to_string(end.execution.status));
  const bool good = end.execution.status == engine::ExecutionStatus::succeeded;
  outcome.exit_code = end.interrupted ? kInterrupted : good ? ExitCode::success : ExitCode::aborted;
  return outcome;
}

/// In place of a report that was made before.
std::string words_of_reported(const ResumeOrder& order, const Followed& one) {
  const auto report = one.progress->report();
  return fmt::format("{} has reported before: {}. This shows it again:\n  {} --report\n",
                     one.what->execution.name, report ? report->subject : "",
                     command_for(order, "history", *one.what));
}

/// An execution doesn't remember its fleet file.
std::string how_to_unmute(const machine::Shape& shape) {
  std::vector<std::string> environments;
  for (const auto& environment : shape.environments) environments.push_back(environment.name());
  return fmt::format("lamplighter alarms {} --unmute, with the fleet's file, gives them their voice",
                     fmt::join(environments, " "));
}

/// Those of `followed` from the place `first` on that go on with the next resume.
std::string how_to_go_on(const ResumeOrder& order, const std::vector<Followed>& followed, std::size_t first) {
  std::string text = "stopped waiting; it goes on with:";
  for (; first < followed.size(); ++first) {
    text += "\n  " + command_for(order, "resume", *followed[first].what);
  }
  return text;
}

}  // namespace

Result<std::optional<int>> resume(const ResumeOrder& order,
                                  const std::function<std::unique_ptr<Observer>()>& make_observer,
                                  const Report& report) {
  const auto chosen = TRY(find_out(order));
  if (chosen.empty()) return std::nullopt;
  auto way = TRY(way_of(order, chosen));
  Teller teller(order.trouble);
  way.aws.waiting = [&](const std::string& text) { teller.tell(text, Notice::Lasts::a_while); };
  SystemClock clock(way.speed);
  const auto access = TRY(CloudAccess::make(way.aws, clock));
  for (const Resumable& one : chosen) CHECK_OK(look_first(order, access->session(), one));
  const Interrupt interrupt;
  engine::Options engine_options;
  engine_options.state_dir = TRY(state_directory(order.state_dir));
  engine_options.trouble = [&](const std::string& text) { teller.tell(text, Notice::Lasts::to_the_end); };
  engine_options.well_again = engine_options.trouble;
  const auto engine = TRY(access->open_engine(engine_options, clock));
  tell_uncounted(count_hours(*engine, clock), order.trouble);  // before the engine prunes
  std::set<std::string> going_on;
  for (const Resumable& one : chosen) going_on.insert(one.execution.arn);
  const auto socket = open_holder_socket(
      *engine, clock, "resume", chosen.front().access.value_or(access_of(order.aws, 1, SystemHost(), {}, {})),
      *access, teller, going_on);
  const auto followed = TRY(go_on(*engine, chosen));
  std::vector<const Followed*> unmuting;
  const auto outcome = [&](const Followed& one) -> Result<Outcome> {
    const std::string& arn = one.what->execution.arn;
    if (!one.progress) return outcome_without_picture(TRY(wait(*engine, arn)));
    const auto end = [&]() -> Result<RunEnd> {
      if (one.reported_before) return RunEnd{one.what->execution, true, false};
      const auto observer = make_observer();
      const Teller::Showing showing(teller, *observer);
      return watch(*engine, arn, *one.progress, *observer, clock);
    }();
    if (!end) return tl::unexpected(end.error());
    if (end->reported) unmuting.push_back(&one);
    Outcome made = outcome_of(*end, *one.progress, &access->session());
    if (one.reported_before) made.body = words_of_reported(order, one);
    return made;
  };
  int code = followed.size() == chosen.size() ? ExitCode::success : ExitCode::aborted;
  for (std::size_t i = 0; i < followed.size() && code != kInterrupted; ++i) {
    Outcome end = TRY(outcome(followed[i]));
    if (end.exit_code == kInterrupted) end.trouble = how_to_go_on(order, followed, i);
    code = std::max(code, report(end));
  }
  if (code == kInterrupted) unmuting.clear();
  for (const Followed* one : unmuting) {
    const AfterReport after{command_for(order, "resume", *one->what), how_to_unmute(*one->what->shape),
                            order.tell, one->reported_before};
    const int alarms = TRY(stay_for_alarms(*engine, one->what->execution.arn, *one->progress, after));
    if (code == ExitCode::success) code = alarms;
  }
  wait_for_others(socket.get(), {}, Interrupt::requested(), teller);
  tell_uncounted(count_hours(*engine, clock), order.trouble);
  close_engine(*engine, code);
  return code;
}

}  // namespace lamplighter::run
