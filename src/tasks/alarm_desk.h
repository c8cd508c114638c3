// All that one process does about the alarms of one region and role: one listing serves all phases, and what
// they want muted or heard at the same moment goes to AWS together, within CloudWatch's rates.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "aws/services/cloudwatch.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/token_bucket.h"
#include "tasks/alarm_tagger.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// Safe to use from several threads. No call of it waits for long: what AWS's rates don't let through yet is
/// done at a later call, whoever makes it. Times are Clock::steady().
class AlarmDesk {
 public:
  explicit AlarmDesk(aws::Target target);

  /// Lists the alarms, unless that was done a moment ago. After an error that passes, the next look goes on
  /// at the page that could not be read. Error: aws.
  Status look(const Context& context);
  /// The same for the marks on them. Looks at the alarms too.
  Status look_for_marks(const Context& context);

  /// The same, and then at the alarms: who unmutes enables first, so that one which is disabled after it was
  /// seen without a mark was disabled by a person.
  Status look_after_marks(const Context& context);

  /// What the last looks saw and this desk has changed since.
  using Read = std::function<void(const std::vector<aws::Alarm>& alarms, const AlarmMarks& marks)>;
  void read(const Read& read) const;

  struct Work {
    std::set<std::string> done;            ///< names
    std::map<std::string, Error> refused;  ///< each its own reason; asked for again, it is tried again
    std::set<std::string> waiting;         ///< for their turn, or for what passes
    std::optional<Error> trouble;          ///< what passes, of the last try
    int wait_seconds = 1;                  ///< until those that wait have likely had their turn
  };
  /// An alarm and the mark that it is to bear.
  struct ToMute {
    aws::Alarm alarm;
    AlarmTags mark;
  };
  /// Marks alarms and disables their actions; also of those that are disabled already, since another process
  /// may have enabled them meanwhile.
  Work mute(const Context& context, const std::vector<ToMute>& alarms);
  Work mute(const Context& context, const std::vector<aws::Alarm>& alarms, const AlarmTags& mark);
  /// Enables the actions of alarms and takes their marks away.
  Work unmute(const Context& context, const std::vector<aws::Alarm>& alarms);

 private:
  // Why the order of the calls is as it is: a run may die between any two of them. Muting marks first, then
  // disables. Died in between: a marked alarm that still rings; the next stop disables it, the next start
  // finds it enabled and takes the stale mark away. The other way round a death would leave an alarm that is
  // disabled without a mark, as if a person had done it: silent for ever, and nobody told. Unmuting enables
  // first, then takes the mark away, for the same reason.
  enum class Step { mark, disable, enable, take_mark_away };
  /// What is asked of one alarm and not done yet.
  struct Item {
    aws::Alarm alarm;
    AlarmTags mark;
    bool muting = false;
    Step step = Step::mark;
    std::optional<Error> refused;
    Time refused_at{};
  };
  struct Own {
    std::optional<AlarmTags> mark;
    Time at{};
  };

  Work ask(const Context& context, const std::vector<ToMute>& alarms, bool muting);
  void take_in(const std::vector<ToMute>& alarms, bool muting, Time now);
  void work(const Context& context);
  [[nodiscard]] std::vector<Item> next(Step step, std::size_t most) const;
  void mark_or_unmark(const Context& context, Step step) REQUIRES(work_);
  void switch_actions(const Context& context, Step step) REQUIRES(work_);
  void note_marked(const Item& item, Step step, Time now);
  void note_switched(const Item& item, Step step);
  void advance(const Item& item, std::optional<Step> to) REQUIRES(state_);
  void refuse(const Item& item, const Error& error, Time now);
  void note_trouble(const Error& error, TokenBucket& bucket, Time now);
  [[nodiscard]] int wait_for(std::set<std::string> waiting) const REQUIRES(state_);
  Status list_alarms(const Context& context) REQUIRES(work_);
  Status list_marks(const Context& context) REQUIRES(work_);
  Status until_complete(const Context& context, const std::function<Status()>& go_on) const;

  const aws::Target target_;

  Mutex work_;  ///< held while AWS is called; before state_
  aws::AlarmListing listing_ GUARDED_BY(work_);
  std::optional<AlarmTagger::Search> search_ GUARDED_BY(work_);
  bool one_by_one_ GUARDED_BY(work_) = false;
  TokenBucket tagging_ GUARDED_BY(work_){5, 5};
  TokenBucket disabling_ GUARDED_BY(work_);
  TokenBucket enabling_ GUARDED_BY(work_);
  std::optional<Error> failure_ GUARDED_BY(work_);  ///< of the last look
  Time failed_at_ GUARDED_BY(work_){};
  /// A listing: when it is asked for anew, and since when the one under way, over several looks, takes.
  struct Freshness {
    std::optional<Time> until;
    std::optional<Time> began;
    Duration took{0};  ///< the last

    void begin(Time now) { began = began.value_or(now); }
    void end(Time now, const Freshness& other);
  };
  Freshness listed_ GUARDED_BY(work_);
  Freshness marks_found_ GUARDED_BY(work_);
  bool marks_are_newer_ GUARDED_BY(work_) = false;  ///< than the alarms

  mutable Mutex state_;
  std::vector<aws::Alarm> alarms_ GUARDED_BY(state_);
  std::map<std::string, std::size_t> places_ GUARDED_BY(state_);  ///< in alarms_, by name
  AlarmMarks marks_ GUARDED_BY(state_);
  std::map<std::string, Own> own_ GUARDED_BY(state_);  ///< marks set or taken away lately, by ARN
  std::map<std::string, Item> items_ GUARDED_BY(state_);
  std::vector<std::string> order_ GUARDED_BY(state_);  ///< in which the items, by name, were asked for
  std::optional<Error> trouble_ GUARDED_BY(state_);
};

/// The desks of a process. Safe to use from several threads.
class AlarmDesks {
 public:
  AlarmDesk& at(const aws::Target& target);

 private:
  Mutex mutex_;
  std::map<aws::Target, std::unique_ptr<AlarmDesk>> desks_ GUARDED_BY(mutex_);
};

}  // namespace lamplighter::tasks
