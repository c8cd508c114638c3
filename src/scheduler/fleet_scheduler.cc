#include "scheduler/fleet_scheduler.h"

#include <filesystem>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/duration.h"
#include "base/words.h"
#include "fleet/load.h"
#include "machine/compile.h"
#include "schedule/time_zone.h"

namespace lamplighter::scheduler {
namespace {

/// As `lamplighter validate` would have it.
Result<fleet::Fleet> checked(const std::string& text, const std::string& path) {
  auto fleet = TRY(fleet::read(text, path));
  for (const auto action : {tasks::Action::start, tasks::Action::stop}) {
    if (const auto compiled = machine::compile(fleet, action); !compiled)
      return tl::unexpected(with_context(compiled.error(), path));
  }
  return fleet;
}

/// The same for each start of the daemon, wherever that is.
std::string key_of(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal().string();
}

const fleet::Schedule* find_schedule(const fleet::Fleet& fleet, const std::string& name) {
  for (const fleet::Schedule& schedule : fleet.schedules) {
    if (schedule.name == name) return &schedule;
  }
  return nullptr;
}

std::string count_of(const Missed& missed) {
  if (missed.count == 1) return "an occurrence";
  return (missed.more ? "more than " : "") +
         lamplighter::count_of(static_cast<std::size_t>(missed.count), "occurrence");
}

}  // namespace

FleetScheduler::FleetScheduler(const std::string& path, Surroundings surroundings)
    : around_(std::move(surroundings)), file_(path) {}

Result<std::unique_ptr<FleetScheduler>> FleetScheduler::open(const std::string& path,
                                                             Surroundings surroundings) {
  if (path == "-") {
    return fail(ErrorKind::bad_input, "Usage",
                "found -f -, expected the path of a fleet file: the daemon watches it");
  }
  std::unique_ptr<FleetScheduler> scheduler(new FleetScheduler(path, std::move(surroundings)));
  CHECK_OK(scheduler->read());
  return scheduler;
}

Status FleetScheduler::read() {
  const auto text = file_.read();
  auto fleet = text ? checked(*text, file_.path()) : tl::unexpected(text.error());
  if (fleet) {
    text_ = *text;
  } else {
    const auto copy = TRY(around_.store.good_copy(key_of(file_.path())));
    auto good = copy ? checked(*copy, file_.path()) : fleet;
    if (!good) return tl::unexpected(fleet.error());
    refused_ = fleet.error().message;
    around_.trouble(fmt::format("{} is not in force, its last good copy is: {}", file_.path(), refused_));
    text_ = *copy;
    fleet = std::move(good);
  }
  fleet_ = *std::move(fleet);
  return {};
}

Status FleetScheduler::begin() { return put_in_force(fleet_, TRY(around_.store.progress(fleet_.name))); }

Status FleetScheduler::put_in_force(fleet::Fleet fleet, const std::map<std::string, Progress>& known) {
  fleet_ = std::move(fleet);
  timetable_.emplace(fleet_, known, around_.clock.now());
  CHECK_OK(around_.store.replace(fleet_.name, timetable_->all_progress()));
  return around_.store.put_good_copy(key_of(file_.path()), text_);
}

/// A file that is broken, or half written, changes nothing.
void FleetScheduler::take_over(const Result<std::string>& text) {
  auto fleet = text ? checked(*text, file_.path()) : tl::unexpected(text.error());
  if (fleet && fleet->name != fleet_.name) {
    fleet =
        fail(ErrorKind::bad_input, "FleetRenamed",
             fmt::format("found fleet: {}, expected {}: another fleet takes a start of the daemon of its own",
                         fleet->name, fleet_.name));
  }
  if (!fleet) {
    refused_ = fleet.error().message;
    around_.trouble(fmt::format("{} was changed and is refused, the fleet as it was stays in force: {}",
                                file_.path(), refused_));
    return;
  }
  const bool same = text_ == *text;
  if (same && refused_.empty()) return;
  refused_.clear();
  text_ = *text;
  const Status stored = put_in_force(*std::move(fleet), timetable_->all_progress());
  if (!stored) {
    around_.trouble(fmt::format("{} is in force, but could not be put on disk: {}", file_.path(),
                                stored.error().message));
  }
  around_.said(fmt::format("{} was changed and is in force: {}", file_.path(),
                           lamplighter::count_of(fleet_.schedules.size(), "schedule")));
}

void FleetScheduler::look() {
  if (const auto text = file_.changed()) take_over(*text);
}

std::optional<Time> FleetScheduler::turn(const std::function<bool()>& ending) {
  const Turn turn = timetable_->turn(around_.clock.now());
  std::vector<std::string> missing;
  for (const Missed& missed : turn.missed) {
    missing.push_back(missed.schedule);
    tell(missed);
  }
  if (!missing.empty()) record(missing, turn.missed);
  for (const Firing& firing : turn.firings) {
    if (ending()) break;
    fire(firing);
  }
  return timetable_->wake();
}

void FleetScheduler::fire(const Firing& firing) {
  const auto name = around_.start(fleet_, firing);
  const std::string due = local(firing.schedule, firing.due);
  if (name) {
    timetable_->started(firing);
    around_.said(fmt::format("{}, due {}: started{} as {}", name_of(firing.schedule), due,
                             firing.made_up ? ", made up for," : "", *name));
    return record({firing.schedule}, {});
  }
  const auto missed = timetable_->failed(firing, around_.clock.now());
  if (timetable_->attempts(firing.schedule) == 1 || missed) {
    around_.trouble(fmt::format("{}, due {}, could not be started{}: {}", name_of(firing.schedule), due,
                                missed ? " and is missed" : " and is tried again", name.error().message));
  }
  if (missed) record({firing.schedule}, {*missed});
}

/// What can't be put on disk happens all the same: an execution's name keeps it from happening twice.
void FleetScheduler::record(const std::vector<std::string>& schedules, const std::vector<Missed>& missed) {
  std::map<std::string, Progress> progress;
  for (const std::string& schedule : schedules) progress[schedule] = timetable_->progress(schedule);
  const Status stored = around_.store.record(fleet_.name, progress, missed, around_.clock.now());
  if (!stored) {
    around_.trouble(fmt::format("how far the schedules of {} are could not be put on disk: {}", fleet_.name,
                                stored.error().message));
  }
}

void FleetScheduler::tell(const Missed& missed) const {
  const fleet::Schedule* schedule = find_schedule(fleet_, missed.schedule);
  const std::string why =
      missed.why == Missed::Why::superseded
          ? "a later occurrence counts"
          : fmt::format("older than the schedule's `late`, {}", format_duration(schedule->late));
  const std::string until =
      missed.count == 1 ? "" : fmt::format(" until {}", local(missed.schedule, missed.last));
  around_.trouble(fmt::format("{}: {} missed, due {}{}: {}", name_of(missed.schedule), count_of(missed),
                              local(missed.schedule, missed.first), until, why));
}

std::string FleetScheduler::name_of(const std::string& schedule) const {
  const fleet::Schedule* found = find_schedule(fleet_, schedule);
  return fmt::format("{}: {} \"{}\"", fleet_.name, tasks::to_string(found->action), schedule);
}

std::string FleetScheduler::local(const std::string& schedule, Time time) const {
  const std::string& zone = find_schedule(fleet_, schedule)->timezone;
  const auto shown = schedule::to_local(zone, time);
  return fmt::format("{:%Y-%m-%d %H:%M:%S} {}", fmt::gmtime(shown.time_since_epoch().count()), zone);
}

Standing FleetScheduler::standing() const {
  Standing standing{file_.path(), fleet_.name, fleet_.schedules.size(), {}, {}, refused_};
  if (timetable_) standing.next = timetable_->next();
  if (standing.next) standing.timezone = find_schedule(fleet_, standing.next->schedule)->timezone;
  return standing;
}

}  // namespace lamplighter::scheduler
