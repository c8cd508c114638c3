#include "run/watch.h"

#include <thread>

#include <fmt/format.h>

#include "run/after_report.h"
#include "run/command.h"
#include "run/event_feed.h"
#include "run/executions.h"
#include "run/hand_over.h"
#include "run/interrupt.h"
#include "run/past.h"
#include "run/socket_caller.h"
#include "run/started_by.h"

namespace lamplighter::run {
namespace {

constexpr std::chrono::milliseconds kFrame{100};

tl::unexpected<Error> not_worked_at(const Place& place, const Desk& desk, const std::string& execution) {
  const std::string why =
      desk.holder() == nullptr
          ? "the process that did has ended. It goes on with"
          : words_of(*desk.holder()) + " left it as it is. Once that has ended, it goes on with";
  return fail(
      ErrorKind::bad_input, "NotWorkedAt",
      fmt::format("nobody carries {} on: {}:\n  {}", execution, why, command_at(place, "resume", execution)));
}

/// Watches as long as the desk answers.
Result<RunEnd> watch_while_it_answers(Desk& desk, const engine::Execution& execution, EventFeed& feed,
                                      Progress& progress, Observer& view) {
  auto next = std::chrono::steady_clock::now();
  while (true) {
    bool ended = false;
    if (std::chrono::steady_clock::now() >= next) {
      ended = TRY(feed.ask());
      next = std::chrono::steady_clock::now() + desk.pace();
    }
    const bool reported = !ended && progress.unmuting();
    if (ended || reported || Interrupt::requested()) {
      RunEnd end{execution, reported, !ended && !reported};
      if (ended) end.execution = TRY(desk.executions().describe_execution(execution.arn));
      view.finish(progress.now(), desk.clock().now());
      return end;
    }
    if (!desk.is_worked_at(execution.arn)) return fail(ErrorKind::internal, "NotWorkedAt", "");
    view.show(progress.now(), desk.clock().now());
    std::this_thread::sleep_for(kFrame);
  }
}

std::string how_to_go_on(const Place& place, const std::string& execution) {
  return fmt::format("stopped watching; {} goes on. This watches it again:\n  {}", execution,
                     command_at(place, "watch", execution));
}

std::string alarms_wait_for(const Place& place, const std::string& execution) {
  return fmt::format("nobody carries {} on: alarms that are still muted follow with:\n  {}", execution,
                     command_at(place, "resume", execution));
}

/// What goes on behind the report, which nobody here waits for.
std::string alarms_seen_to(const Desk& desk, const Progress& progress) {
  const std::string follow = alarms_to_follow(progress);
  if (follow.empty()) return "";
  return fmt::format("{}: {} sees to that", follow,
                     desk.holder() == nullptr ? "AWS" : words_of(*desk.holder()));
}

tl::unexpected<Error> several(const Place& place, const std::vector<engine::Execution>& running) {
  std::string text = "found several executions that run: name one";
  for (const engine::Execution& one : running) {
    text += "\n  " + command_at(place, "watch", one.name);
    const std::string starter = starter_of(one);
    if (!starter.empty()) text += "  # started by " + starter;
  }
  return fail(ErrorKind::bad_input, "SeveralRunning", text);
}

/// The one that is meant; nullopt where none is named and nothing runs.
Result<std::optional<engine::Execution>> find_one(const Place& place, engine::Executions& executions,
                                                  const std::string& wanted) {
  if (!wanted.empty()) return TRY(find_execution(executions, place, wanted));
  const auto running = TRY(all_executions(executions, engine::ExecutionStatus::running));
  if (running.empty()) return std::nullopt;
  if (running.size() > 1) return several(place, running);
  return running.front();
}

}  // namespace

std::string command_at(const Place& place, const std::string& verb, const std::string& execution) {
  Command command{.verb = verb, .state_dir = place.state_dir};
  if (!execution.empty()) command.arguments.push_back(execution);
  if (place.cloud) {
    command.arguments.emplace_back("--cloud");
    command.file = place.cloud->file;
    command.aws = place.cloud->aws;
  }
  return command_text(command, SystemHost());
}

Result<Outcome> watch_at(const Place& place, std::unique_ptr<Desk> desk, const std::string& arn,
                         Observer& view) {
  const auto execution = TRY(desk->executions().describe_execution(arn));
  const auto progress = TRY(progress_of(desk->executions(), execution));
  while (true) {
    EventFeed feed(desk->executions(), arn, *progress);
    const auto end = watch_while_it_answers(*desk, execution, feed, *progress, view);
    if (end) {
      Outcome outcome = outcome_of_others(*end, *progress, &place);
      if (end->interrupted) outcome.trouble = how_to_go_on(place, execution.name);
      if (end->reported) {
        outcome.trouble = desk->is_worked_at(arn) ? alarms_seen_to(*desk, *progress)
                                                  : alarms_wait_for(place, execution.name);
      }
      return outcome;
    }
    if (end.error().code == "NotWorkedAt") return not_worked_at(place, *desk, execution.name);
    if (end.error().code != kNobodyThere) return tl::unexpected(end.error());
    desk = TRY(open_desk(place));
  }
}

Result<std::optional<int>> watch(const Place& place, const std::string& wanted,
                                 const std::function<std::unique_ptr<Observer>()>& make_observer,
                                 const Report& report) {
  auto desk = TRY(open_desk(place));
  const auto found = TRY(find_one(place, desk->executions(), wanted));
  if (!found) return std::nullopt;
  const Interrupt interrupt;
  const auto view = make_observer();
  const std::string starter = starter_of(*found);
  if (!starter.empty()) view->tell({"started by " + starter, Notice::Lasts::a_while});
  return report(TRY(watch_at(place, std::move(desk), found->arn, *view)));
}

}  // namespace lamplighter::run
