#include "scheduler/fleet_scheduler.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/words.h"
#include "fleet/load.h"
#include "fleet/warnings.h"
#include "machine/compile.h"

namespace lamplighter::scheduler {
namespace {

/// Of schedules that are beside the fleet's own.
Surroundings for_warnings(Surroundings surroundings) {
  surroundings.in_force = nullptr;
  surroundings.missed = nullptr;
  return surroundings;
}

/// The fleet, with its schedules' warnings in their place.
fleet::Fleet with_warnings(fleet::Fleet fleet) {
  fleet.schedules = fleet::warnings_of(fleet);
  return fleet;
}

/// The earlier of two.
std::optional<Time> first_of(const std::optional<Time>& one, const std::optional<Time>& other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

}  // namespace

std::string key_of(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal().string();
}

FleetScheduler::FleetScheduler(const std::string& path, Surroundings surroundings)
    : around_(surroundings),
      dispatcher_(surroundings),
      warnings_(for_warnings(std::move(surroundings)), kWarnings),
      file_(path) {}

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

/// As `lamplighter validate` would have it.
Result<fleet::Fleet> FleetScheduler::checked(const std::string& text, const TextOf& calendar_text) {
  const std::string& path = file_.path();
  calendars_.clear();
  calendar_texts_.clear();
  at_fault_ = path;
  const auto read_ical = [&](const std::string& ical_file) -> Result<schedule::Ical> {
    const std::string calendar = fleet::ical_path(path, ical_file);
    calendars_.emplace_back(calendar).mark();
    at_fault_ = calendar;
    const std::string& found = calendar_texts_[calendar] = TRY(calendar_text(calendar));
    auto ical = TRY(fleet::ical_of(found, calendar));
    at_fault_ = path;
    return ical;
  };
  auto fleet = TRY(fleet::read(text, path, "", read_ical));
  for (const auto action : {tasks::Action::start, tasks::Action::stop}) {
    if (const auto compiled = machine::compile(fleet, action); !compiled)
      return tl::unexpected(with_context(compiled.error(), path));
  }
  return fleet;
}

/// The fleet that was in force last, calendars included. Error: there is none, or it is refused.
Result<fleet::Fleet> FleetScheduler::good_copy() {
  const TextOf copy_of = [this](const std::string& path) -> Result<std::string> {
    if (auto copy = TRY(around_.store.good_copy(key_of(path)))) return *std::move(copy);
    return fail(ErrorKind::bad_input, "InvalidFleet", path + ": there is no good copy");
  };
  text_ = TRY(copy_of(file_.path()));
  return checked(text_, copy_of);
}

Status FleetScheduler::read() {
  const auto text = file_.read();
  auto fleet = text ? checked(*text, fleet::ical_text) : tl::unexpected(text.error());
  if (fleet) {
    text_ = *text;
  } else {
    const std::string at_fault = at_fault_;
    auto good = good_copy();
    if (!good) return tl::unexpected(fleet.error());
    refused_ = fleet.error().message;
    fleet = std::move(good);
    fleet_.name = fleet->name;
    say(LogEvent::fleet_refused,
        fmt::format("{} is not in force, its last good copy is: {}", at_fault, refused_));
  }
  fleet_ = *std::move(fleet);
  return {};
}

Status FleetScheduler::begin() {
  return put_in_force(fleet_, TRY(around_.store.progress(fleet_.name)),
                      TRY(around_.store.progress(fleet_.name + kWarnings)));
}

std::optional<Time> FleetScheduler::turn(const std::function<bool()>& ending) {
  const auto warnings = warnings_.turn(ending);
  return first_of(dispatcher_.turn(ending), warnings);
}

Status FleetScheduler::put_in_force(const fleet::Fleet& fleet, const std::map<std::string, Progress>& known,
                                    const std::map<std::string, Progress>& warned) {
  CHECK_OK(dispatcher_.put_in_force(fleet, known));
  CHECK_OK(warnings_.put_in_force(with_warnings(fleet), warned));
  for (const auto& [path, text] : calendar_texts_) CHECK_OK(around_.store.put_good_copy(key_of(path), text));
  return around_.store.put_good_copy(key_of(file_.path()), text_);
}

/// A file that is broken, or half written, changes nothing.
void FleetScheduler::take_over(const Result<std::string>& text, const std::vector<std::string>& changed) {
  auto fleet = text ? checked(*text, fleet::ical_text) : tl::unexpected(text.error());
  if (fleet && fleet->name != fleet_.name) {
    fleet =
        fail(ErrorKind::bad_input, "FleetRenamed",
             fmt::format("found fleet: {}, expected {}: another fleet takes a start of the daemon of its own",
                         fleet->name, fleet_.name));
  }
  const std::string were_changed = fmt::format(
      "{} {}", fmt::join(changed, ", "), changed.size() == 1 ? "was changed and is" : "were changed and are");
  if (!fleet) {
    refused_ = fleet.error().message;
    say(LogEvent::fleet_refused,
        fmt::format("{} refused, the fleet as it was stays in force: {}", were_changed, refused_));
    return;
  }
  const bool same = text_ == *text && changed == std::vector{file_.path()};
  if (same && refused_.empty()) return;
  const bool was_refused = !std::exchange(refused_, "").empty();
  text_ = *text;
  fleet_ = *std::move(fleet);
  const Status stored =
      put_in_force(fleet_, dispatcher_.timetable()->all_progress(), warnings_.timetable()->all_progress());
  if (!stored) {
    say(LogEvent::store_trouble, fmt::format("{} is in force, but could not be put on disk: {}", file_.path(),
                                             stored.error().message));
  }
  say(was_refused ? LogEvent::fleet_good_again : LogEvent::fleet_in_force,
      fmt::format("{} in force: {}", were_changed,
                  lamplighter::count_of(fleet_.schedules.size(), "schedule")));
}

void FleetScheduler::say(LogEvent event, std::string message) const {
  around_.log.write({.event = event, .message = std::move(message), .fleet = fleet_.name});
}

void FleetScheduler::look() {
  std::vector<std::string> changed;
  const auto text = file_.changed();
  if (text) changed.push_back(file_.path());
  for (WatchedFile& calendar : calendars_) {
    if (calendar.has_changed()) changed.push_back(calendar.path());
  }
  if (!changed.empty()) take_over(text ? *text : file_.read(), changed);
}

Standing FleetScheduler::standing() const {
  Standing standing{file_.path(), fleet_.name, fleet_.schedules.size(), {}, {}, refused_};
  if (const Timetable* timetable = dispatcher_.timetable()) {
    standing.next = timetable->next();
    standing.due = timetable->next_of_each(kDueShown);
  }
  for (const fleet::Schedule& schedule : fleet_.schedules) {
    if (standing.next && schedule.name == standing.next->schedule) standing.timezone = schedule.timezone;
  }
  return standing;
}

}  // namespace lamplighter::scheduler
