#include "scheduler/dispatcher.h"

#include <algorithm>

#include <fmt/format.h>

#include "scheduler/missed_words.h"

namespace lamplighter::scheduler {
Status Dispatcher::put_in_force(fleet::Fleet fleet, const std::map<std::string, Progress>& known) {
  fleet_ = std::move(fleet);
  timetable_.emplace(fleet_, known, around_.clock.now());
  if (around_.in_force) around_.in_force(fleet_, *timetable_);
  return around_.store.replace(key(), timetable_->all_progress());
}

std::optional<Time> Dispatcher::turn(const std::function<bool()>& ending) {
  const Turn turn = timetable_->turn(around_.clock.now());
  std::vector<std::string> missing;
  for (const Missed& missed : turn.missed) {
    missing.push_back(missed.schedule);
    tell(missed);
  }
  tell_people(turn.missed);
  record(missing, turn.missed);
  // In one commit: were the process killed before it, the same names would be started again, which does
  // nothing.
  std::vector<std::string> done;
  std::vector<Missed> given_up;
  for (const Firing& firing : turn.firings) {
    if (ending()) break;
    if (fire(firing, given_up)) done.push_back(firing.schedule);
  }
  tell_people(given_up);
  record(done, given_up);
  return timetable_->wake();
}

/// Whether the schedule goes on after it: it was started, or is missed for good.
bool Dispatcher::fire(const Firing& firing, std::vector<Missed>& given_up) {
  const auto name = around_.start(fleet_, firing);
  const std::string due = local_words(find(firing.schedule), firing.due);
  if (name) {
    timetable_->started(firing);
    const auto event = firing.made_up ? LogEvent::occurrence_made_up : LogEvent::occurrence_started;
    say(event, *name,
        fmt::format("{}, due {}: started{} as {}", name_of(firing.schedule), due,
                    firing.made_up ? ", made up for," : "", *name));
    return true;
  }
  const auto missed = timetable_->failed(firing, around_.clock.now());
  if (timetable_->attempts(firing.schedule) == 1 || missed) {
    say(LogEvent::occurrence_failed, "",
        fmt::format("{}, due {}, could not be started{}: {}", name_of(firing.schedule), due,
                    missed ? " and is missed" : " and is tried again", name.error().message));
  }
  if (missed) given_up.push_back(*missed);
  return missed.has_value();
}

/// What can't be put on disk happens all the same: an execution's name keeps it from happening twice.
void Dispatcher::record(const std::vector<std::string>& schedules, const std::vector<Missed>& missed) {
  if (schedules.empty()) return;
  std::map<std::string, Progress> progress;
  for (const std::string& schedule : schedules) progress[schedule] = timetable_->progress(schedule);
  const Status stored = around_.store.record(key(), progress, missed, around_.clock.now());
  if (!stored && !unrecorded_) {
    say(LogEvent::store_trouble, "",
        fmt::format("how far schedules are could not be put on disk: {}", stored.error().message));
  }
  unrecorded_ = !stored;
}

void Dispatcher::tell(const Missed& missed) const {
  around_.log.write(
      {.event = LogEvent::occurrence_missed,
       .message = fmt::format("{}: {}", name_of(missed.schedule), words_of(missed, find(missed.schedule))),
       .fleet = fleet_.name,
       .count = missed.count});
}

/// Before it is recorded: what is told twice is told by one execution.
void Dispatcher::tell_people(const std::vector<Missed>& missed) const {
  if (missed.empty() || !around_.missed) return;
  const Status told = around_.missed(fleet_, missed);
  if (told) return;
  say(LogEvent::mail_not_sent, "",
      fmt::format("{}: nobody is told of what was missed: {}", fleet_.name, told.error().message));
}

void Dispatcher::say(LogEvent event, const std::string& execution, std::string message) const {
  around_.log.write({event, std::move(message), execution, fleet_.name});
}

std::string Dispatcher::name_of(const std::string& schedule) const {
  if (fleet_.name.empty()) return fmt::format("schedule \"{}\"", schedule);
  const fleet::Schedule& one = find(schedule);
  return fmt::format("{}: {}{} \"{}\"", fleet_.name, one.ahead > Duration::zero() ? "warning of " : "",
                     tasks::to_string(one.action), schedule);
}

const fleet::Schedule& Dispatcher::find(const std::string& schedule) const {
  return *std::find_if(fleet_.schedules.begin(), fleet_.schedules.end(),
                       [&](const fleet::Schedule& one) { return one.name == schedule; });
}

}  // namespace lamplighter::scheduler
