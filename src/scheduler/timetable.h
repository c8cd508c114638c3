// When a fleet's schedules are due, what is to be made up for, and what was missed. Pure: time comes in as an
// argument, so it may jump in both directions, or pass unseen; zones are the system's. For one thread.
//
// An occurrence's moment is the one that the schedule's expression names, `due`; with a flexible window it
// fires up to that much later. One that is older than the schedule's `late` is missed, and so is one that a
// later occurrence makes pointless: of several, only the latest counts for each environment. One that
// calendars leave out fires too (its execution says so), but takes the place of no other.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "fleet/fleet.h"
#include "schedule/occurrence.h"

namespace lamplighter::scheduler {

/// What must outlive the process, of one schedule.
struct Progress {
  std::string identity;  ///< what makes it another schedule where it changes: action, expression, zone, dates
  Time first_seen{};     ///< it counts from there, in whole seconds
  Time done_until{};     ///< what was due until then is settled: started, or missed
  Time settled_until{};  ///< the latest that done_until ever was: later, where the clock was set back
  std::set<Time> started;  ///< the latest that were started, a few: not again, should the clock be set back
};

/// How many of a schedule's starts are remembered.
inline constexpr std::size_t kStartsRemembered = 64;

struct Firing {
  std::string schedule;
  tasks::Action action = tasks::Action::start;
  Time due{};
  std::vector<std::string> environments;  ///< none for all of the fleet's
  bool made_up = false;                   ///< it should have fired a minute ago, or longer
};

struct Missed {
  enum class Why { too_late, superseded, failed };
  std::string schedule;
  Time first{};            ///< when the first of them was due
  Time last{};             ///< and the last
  std::int64_t count = 1;  ///< of them, at least (counting has an end)
  bool more = false;       ///< there are more than `count`
  Why why = Why::too_late;
};

struct Turn {
  std::vector<Firing> firings;  ///< earliest first; each is to be answered by started() or failed()
  std::vector<Missed> missed;   ///< settled already
};

class Timetable {
 public:
  /// `known` is what stands of the fleet's schedules so far, by name; a schedule that isn't in it, or is
  /// another one now, counts from `now`.
  Timetable(const fleet::Fleet& fleet, const std::map<std::string, Progress>& known, Time now);

  /// What is to be done now. The same firing is given again until it is answered.
  Turn turn(Time now);
  void started(const Firing& firing);
  /// The execution could not be started. It is tried again, at a growing distance, as the schedule's `retry`
  /// says; then it is missed.
  std::optional<Missed> failed(const Firing& firing, Time now);

  /// The next moment at which turn() has something to do; nothing where nothing is ever due again.
  [[nodiscard]] std::optional<Time> wake() const;
  /// The earliest occurrence that isn't settled, and its schedule.
  [[nodiscard]] std::optional<Firing> next() const;
  /// The moments of schedules' next occurrences, by name: of the first `max` by name that have one.
  [[nodiscard]] std::map<std::string, Time> next_of_each(std::size_t max) const;
  /// Whether the schedule is never due again.
  [[nodiscard]] bool is_over(const std::string& schedule) const { return !entries_.at(schedule).next; }
  /// How often the schedule's next occurrence could not be started so far.
  [[nodiscard]] int attempts(const std::string& schedule) const { return entries_.at(schedule).attempts; }
  [[nodiscard]] const Progress& progress(const std::string& schedule) const;
  /// Of all schedules, by name.
  [[nodiscard]] std::map<std::string, Progress> all_progress() const;

 private:
  struct Occurrence {
    Time due{};
    Time fires{};
  };
  struct Entry {
    fleet::Schedule schedule;
    schedule::Rule rule;
    std::uint64_t seed = 0;  ///< of the moments within a flexible window
    Progress progress;
    std::optional<Occurrence> next;  ///< the first that isn't settled
    int attempts = 0;                ///< to start `next`, that failed
    Time not_before{};               ///< the next attempt
  };
  struct Candidate {
    Entry* entry;
    Occurrence occurrence;
  };

  static Time fires(const Entry& entry, Time due);
  static std::optional<Occurrence> after(const Entry& entry, Time time);
  static Occurrence latest(const Entry& entry, Time now);
  static void settle(Entry& entry, Time due);
  bool follow_zones();
  static void follow_clock(Entry& entry, Time now);
  static void skip_settled(Entry& entry, Time now);
  static Missed take_earlier(Entry& entry, const Occurrence& last, Time now, std::int64_t& to_count);
  static std::optional<Occurrence> take_due(Entry& entry, Time now, std::int64_t& to_count,
                                            std::vector<Missed>& missed);
  [[nodiscard]] std::map<std::string, Time> latest_by_environment(const std::vector<Candidate>& candidates,
                                                                  Time now) const;
  [[nodiscard]] const std::vector<std::string>& environments_of(const Entry& entry) const;
  [[nodiscard]] bool runs(const Entry& entry, Time due) const;

  std::vector<std::string> environments_;  ///< all of the fleet's
  fleet::Fleet calendars_;                 ///< its calendars, and nothing else
  std::map<std::string, Entry> entries_;
  Time last_{};                              ///< turn's
  mutable std::optional<Time> quiet_until_;  ///< what wake() found, Time::max() for nothing; while it holds
  std::map<std::string, std::shared_ptr<const schedule::Zone>> zones_;  ///< by which `next` was found
};

/// The schedule as far as it decides when it is due.
std::string identity_of(const fleet::Schedule& schedule);

}  // namespace lamplighter::scheduler
