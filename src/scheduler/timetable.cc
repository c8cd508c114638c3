#include "scheduler/timetable.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/duration.h"
#include "base/hash.h"
#include "base/random.h"
#include "fleet/check_schedules.h"
#include "fleet/schedule_days.h"
#include "schedule/time_zone.h"

namespace lamplighter::scheduler {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// What is younger fires in time. (EventBridge Scheduler's own precision.)
constexpr Duration kInTime = minutes{1};
constexpr Duration kFirstRetry = seconds{1};
constexpr Duration kLongestRetry = minutes{1};
/// How many missed occurrences a turn counts, one by one.
constexpr std::int64_t kCounted = 10'000;

Duration eligible_for(const fleet::Schedule& schedule) { return std::max<Duration>(schedule.late, kInTime); }

Duration retry_after(int attempts) {
  return std::min(kFirstRetry * (1 << std::min(attempts - 1, 10)), kLongestRetry);
}

}  // namespace

std::string identity_of(const fleet::Schedule& schedule) {
  const auto moment = [](const std::optional<Time>& time) { return time ? format_time(*time) : ""; };
  const std::string ahead =
      schedule.ahead > Duration::zero() ? fmt::format(" {} ahead", format_duration(schedule.ahead)) : "";
  return fmt::format("{} {} {} {} {}{}", tasks::to_string(schedule.action), schedule.expression,
                     schedule.timezone, moment(schedule.start_date), moment(schedule.end_date), ahead);
}

Timetable::Timetable(const fleet::Fleet& fleet, const std::map<std::string, Progress>& known, Time now) {
  for (const auto& environment : fleet.environments) environments_.push_back(environment.name);
  calendars_.calendars = fleet.calendars;
  for (const fleet::Schedule& schedule : fleet.schedules) {
    Entry& entry = entries_[schedule.name];
    entry.schedule = schedule;
    entry.seed = fnv1a(fleet.name + "/" + schedule.name);
    const auto found = known.find(schedule.name);
    if (found != known.end() && found->second.identity == identity_of(schedule)) {
      entry.progress = found->second;
    } else {
      entry.progress = {identity_of(schedule), std::chrono::floor<seconds>(now), now, now, {}};
    }
    entry.rule = fleet::rule_of(schedule, entry.progress.first_seen);
    zones_.try_emplace(schedule.timezone, schedule::time_zone(schedule.timezone));
    entry.next = after(entry, entry.progress.done_until);
  }
}

/// Somewhere in the window, the same each time, and before the next occurrence: they fire in their order.
Time Timetable::fires(const Entry& entry, Time due) {
  Duration window = entry.schedule.flexible_window;
  if (window == Duration::zero()) return due;
  if (const auto next = next_occurrence(entry.rule, due)) window = std::min(window, *next - due);
  const auto in_seconds = std::chrono::duration_cast<seconds>(window).count();
  Random random = Random(entry.seed).fork(format_time(due));
  return due + seconds{random.below(static_cast<std::uint64_t>(in_seconds))};
}

/// The first occurrence after `time` that wasn't started: it may have been, where the clock was set back.
std::optional<Timetable::Occurrence> Timetable::after(const Entry& entry, Time time) {
  auto due = next_occurrence(entry.rule, time);
  while (due && entry.progress.started.count(*due) > 0) due = next_occurrence(entry.rule, *due);
  if (!due) return std::nullopt;
  return Occurrence{*due, fires(entry, *due)};
}

/// The latest that should have fired by now, `next` being one of them: found by looking back twice as far
/// each time, so that a year of minutes takes as long as an hour.
Timetable::Occurrence Timetable::latest(const Entry& entry, Time now) {
  Occurrence found = *entry.next;
  for (Duration back = minutes{1}; now - back > found.due; back *= 2) {
    const auto occurrence = after(entry, now - back);
    if (!occurrence || occurrence->fires > now) continue;
    found = *occurrence;
    break;
  }
  for (auto later = after(entry, found.due); later && later->fires <= now; later = after(entry, found.due)) {
    found = *later;
  }
  return found;
}

void Timetable::settle(Entry& entry, Time due) {
  Progress& progress = entry.progress;
  progress.done_until = std::max(progress.done_until, due);
  progress.settled_until = std::max(progress.settled_until, progress.done_until);
  entry.attempts = 0;
  entry.not_before = Time{};
  entry.next = after(entry, progress.done_until);
}

/// Where the clock was set back, what is due from now on is due again, but for what was started: else a clock
/// that was a year ahead for a minute would mean a silent year.
void Timetable::follow_clock(Entry& entry, Time now) {
  if (entry.not_before > now + kLongestRetry) entry.not_before = now;
  const auto* rate = std::get_if<schedule::Rate>(&entry.rule.expression);
  const bool counts_later = rate != nullptr && entry.rule.known_since > now;
  if (entry.progress.done_until <= now && !counts_later) return;
  if (counts_later) {
    const Duration every = rate->every;
    entry.rule.known_since -= (entry.rule.known_since - now + every - Duration(1)) / every * every;
  }
  entry.progress.done_until = std::min(entry.progress.done_until, now);
  entry.next = after(entry, entry.progress.done_until);
}

/// Where the clock is forward again after it was set back (it had forgotten the time when the machine was
/// started, say), what was settled before is not missed.
void Timetable::skip_settled(Entry& entry, Time now) {
  const Time too_old = now - eligible_for(entry.schedule) - Duration(1);
  const Time until = std::min(entry.progress.settled_until, too_old);
  if (entry.next && entry.next->due <= until) settle(entry, until);
}

/// What came before `last`, from the first that isn't settled: missed.
Missed Timetable::take_earlier(Entry& entry, const Occurrence& last, Time now, std::int64_t& to_count) {
  const Occurrence first = *entry.next;
  const Occurrence end = latest(entry, last.due - Duration(1));
  const bool is_late = now - end.fires > eligible_for(entry.schedule);
  Missed missed{entry.schedule.name,
                first.due,
                end.due,
                1,
                false,
                is_late ? Missed::Why::too_late : Missed::Why::superseded};
  if (const auto* rate = std::get_if<schedule::Rate>(&entry.rule.expression)) {
    missed.count += (end.due - first.due) / Duration(rate->every);
  } else {
    auto counted = after(entry, first.due);
    for (; counted && counted->due <= end.due && to_count > 0; --to_count, ++missed.count)
      counted = after(entry, counted->due);
    missed.more = counted && counted->due <= end.due;
  }
  settle(entry, end.due);
  return missed;
}

/// The one occurrence that may be started; all others that should have fired are missed.
std::optional<Timetable::Occurrence> Timetable::take_due(Entry& entry, Time now, std::int64_t& to_count,
                                                         std::vector<Missed>& missed) {
  skip_settled(entry, now);
  if (!entry.next || entry.next->fires > now) return std::nullopt;
  const Occurrence last = latest(entry, now);
  if (last.due != entry.next->due) missed.push_back(take_earlier(entry, last, now, to_count));
  if (now - last.fires <= eligible_for(entry.schedule)) return last;
  if (missed.empty() || missed.back().schedule != entry.schedule.name) {
    missed.push_back({entry.schedule.name, last.due, last.due});
  } else {
    missed.back().last = last.due;
    ++missed.back().count;
  }
  settle(entry, last.due);
  return std::nullopt;
}

const std::vector<std::string>& Timetable::environments_of(const Entry& entry) const {
  return entry.schedule.environments.empty() ? environments_ : entry.schedule.environments;
}

/// Whether calendars let it run. Where they can't be read any more, its execution will tell.
bool Timetable::runs(const Entry& entry, Time due) const {
  if (!is_bound(entry.schedule)) return true;
  const auto verdict = fleet::verdict(calendars_, entry.schedule, due);
  return !verdict || verdict->runs;
}

/// When the latest fired, or fires now, that works on an environment.
std::map<std::string, Time> Timetable::latest_by_environment(const std::vector<Candidate>& candidates,
                                                             Time now) const {
  std::map<std::string, Time> latest;
  const auto take = [&](const Entry& entry, Time due, Time fires) {
    if (!runs(entry, due)) return;
    for (const std::string& environment : environments_of(entry)) {
      Time& time = latest.try_emplace(environment, fires).first->second;
      time = std::max(time, fires);
    }
  };
  for (const auto& [name, entry] : entries_) {
    const auto later = entry.progress.started.upper_bound(now);
    if (later == entry.progress.started.begin()) continue;
    const Time due = *std::prev(later);
    take(entry, due, fires(entry, due));
  }
  for (const auto& [entry, occurrence] : candidates) take(*entry, occurrence.due, occurrence.fires);
  return latest;
}

/// The system's update of a zone changes what is next. Gives whether there was one.
bool Timetable::follow_zones() {
  bool changed = false;
  for (auto& [name, zone] : zones_) {
    auto now = schedule::time_zone(name);
    if (now == zone) continue;
    zone = std::move(now);
    changed = true;
    for (auto& [schedule, entry] : entries_) {
      if (entry.rule.timezone == name) entry.next = after(entry, entry.progress.done_until);
    }
  }
  return changed;
}

Turn Timetable::turn(Time now) {
  const bool clock_was_set_back = now < std::exchange(last_, now);
  const bool zones_changed = follow_zones();
  Turn turn;
  if (quiet_until_ && now < *quiet_until_ && !clock_was_set_back && !zones_changed) return turn;
  quiet_until_.reset();
  std::vector<Candidate> candidates;
  std::int64_t to_count = kCounted;
  for (auto& [name, entry] : entries_) {
    follow_clock(entry, now);
    if (const auto due = take_due(entry, now, to_count, turn.missed)) candidates.push_back({&entry, *due});
  }
  if (candidates.empty()) return turn;
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& one, const Candidate& other) {
    return one.occurrence.fires < other.occurrence.fires;
  });
  const auto latest = latest_by_environment(candidates, now);
  for (const auto& [entry, occurrence] : candidates) {
    Firing firing{
        entry->schedule.name, entry->schedule.action, occurrence.due, {}, now - occurrence.fires >= kInTime};
    const auto& wanted = environments_of(*entry);
    std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(firing.environments),
                 [&, fires = occurrence.fires](const std::string& environment) {
                   const auto found = latest.find(environment);
                   return found == latest.end() || found->second <= fires;
                 });
    if (firing.environments.empty()) {
      turn.missed.push_back({firing.schedule, firing.due, firing.due, 1, false, Missed::Why::superseded});
      settle(*entry, firing.due);
      continue;
    }
    if (firing.environments == wanted) firing.environments = entry->schedule.environments;
    if (entry->not_before <= now) turn.firings.push_back(std::move(firing));
  }
  return turn;
}

void Timetable::started(const Firing& firing) {
  quiet_until_.reset();
  Entry& entry = entries_.at(firing.schedule);
  auto& started = entry.progress.started;
  started.insert(firing.due);
  if (started.size() > kStartsRemembered) started.erase(started.begin());
  settle(entry, firing.due);
}

std::optional<Missed> Timetable::failed(const Firing& firing, Time now) {
  quiet_until_.reset();
  Entry& entry = entries_.at(firing.schedule);
  const fleet::Retry& retry = entry.schedule.retry;
  const Time end = fires(entry, firing.due) + std::min(retry.age, eligible_for(entry.schedule));
  entry.not_before = now + retry_after(++entry.attempts);
  if (entry.attempts <= retry.attempts && entry.not_before <= end) return std::nullopt;
  settle(entry, firing.due);
  return Missed{firing.schedule, firing.due, firing.due, 1, false, Missed::Why::failed};
}

std::optional<Time> Timetable::wake() const {
  if (!quiet_until_) {
    quiet_until_ = Time::max();
    for (const auto& [name, entry] : entries_) {
      if (entry.next) quiet_until_ = std::min(*quiet_until_, std::max(entry.next->fires, entry.not_before));
    }
  }
  return quiet_until_ == Time::max() ? std::nullopt : quiet_until_;
}

std::optional<Firing> Timetable::next() const {
  const Entry* first = nullptr;
  for (const auto& [name, entry] : entries_) {
    if (entry.next && (first == nullptr || entry.next->due < first->next->due)) first = &entry;
  }
  if (first == nullptr) return std::nullopt;
  return Firing{first->schedule.name, first->schedule.action, first->next->due, first->schedule.environments};
}

std::map<std::string, Time> Timetable::next_of_each(std::size_t max) const {
  std::map<std::string, Time> each;
  for (const auto& [name, entry] : entries_) {
    if (each.size() == max) break;
    if (entry.next) each.emplace_hint(each.end(), name, entry.next->due);
  }
  return each;
}

const Progress& Timetable::progress(const std::string& schedule) const {
  return entries_.at(schedule).progress;
}

std::map<std::string, Progress> Timetable::all_progress() const {
  std::map<std::string, Progress> all;
  for (const auto& [name, entry] : entries_) all.emplace(name, entry.progress);
  return all;
}

}  // namespace lamplighter::scheduler
