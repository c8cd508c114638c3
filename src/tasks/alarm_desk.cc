#include "tasks/alarm_desk.h"

#include <algorithm>
#include <utility>

#include "aws/client/rates.h"
#include "tasks/batch.h"
#include "tasks/refusal.h"

namespace lamplighter::tasks {
namespace {

constexpr Duration kLife = std::chrono::seconds{20};  // of what was listed, at least
constexpr Duration kLongestLife = std::chrono::minutes{2};
constexpr Duration kLookTime = std::chrono::seconds{20};  // that one look may take
constexpr Duration kLookPause = std::chrono::seconds{1};  // before a throttled page is asked for again
constexpr Duration kLateEcho = std::chrono::minutes{2};   // the tagging API shows changes late
constexpr std::size_t kMostNames = 100;                   // a call of CloudWatch
// A later stop may mark what was enabled before its old mark is gone: so few are enabled ahead of that.
constexpr std::size_t kMostUnmarked = 100;
constexpr int kTagCallsASecond = 5;  // of one kind; a call of the desk makes no more either
constexpr Duration kRefusedFor = std::chrono::seconds{5};  // then it is tried again

constexpr std::string_view kDisable = "cloudwatch:DisableAlarmActions";
constexpr std::string_view kEnable = "cloudwatch:EnableAlarmActions";

TokenBucket bucket_of(const Rate& rate) { return {rate.capacity, rate.refill}; }

bool passes(const Error& error) { return refusal_of(error) == Refusal::of_everyone; }

std::vector<AlarmDesk::ToMute> marked(const std::vector<aws::Alarm>& alarms, const AlarmTags& mark) {
  std::vector<AlarmDesk::ToMute> all;
  for (const auto& alarm : alarms) all.push_back({alarm, mark});
  return all;
}

}  // namespace

AlarmDesk::AlarmDesk(aws::Target target)
    : target_(std::move(target)),
      disabling_(bucket_of(aws::documented_rate(kDisable))),
      enabling_(bucket_of(aws::documented_rate(kEnable))) {}

AlarmDesk& AlarmDesks::at(const aws::Target& target) {
  const MutexLock lock(mutex_);
  auto& desk = desks_[target];
  if (!desk) desk = std::make_unique<AlarmDesk>(target);
  return *desk;
}

Status AlarmDesk::look(const Context& context) {
  const MutexLock turn(work_);
  return list_alarms(context);
}

Status AlarmDesk::look_for_marks(const Context& context) {
  const MutexLock turn(work_);
  CHECK_OK(list_alarms(context));
  return list_marks(context);
}

Status AlarmDesk::look_after_marks(const Context& context) {
  const MutexLock turn(work_);
  CHECK_OK(list_alarms(context));
  CHECK_OK(list_marks(context));
  if (marks_are_newer_) listed_.until.reset();
  return list_alarms(context);
}

void AlarmDesk::read(const Read& read) const {
  const MutexLock lock(state_);
  read(alarms_, marks_);
}

/// Calls `go_on` until it comes to its end, for as long as a look may take.
Status AlarmDesk::until_complete(const Context& context, const std::function<Status()>& go_on) const {
  const Time end = context.clock.steady() + kLookTime;
  while (true) {
    auto status = go_on();
    if (status || !passes(status.error()) || context.clock.steady() + kLookPause >= end) return status;
    context.clock.sleep(kLookPause);
  }
}

/// What takes long to list serves those who waited for it, too: else each of them would begin anew. Whoever
/// looks at alarms and their marks looks at both, so that each lasts as long as the other takes.
void AlarmDesk::Freshness::end(Time now, const Freshness& other) {
  constexpr int kLives = 4;
  took = now - began.value_or(now);
  until = now + std::clamp<Duration>(std::max(took, other.took) * kLives, kLife, kLongestLife);
  began.reset();
}

// Those who waited here while a look failed are not to try the same, one after the other.
Status AlarmDesk::list_alarms(const Context& context) {
  const Time now = context.clock.steady();
  if (listed_.until && now < *listed_.until) return {};
  if (failure_ && now < failed_at_ + kLookPause) return tl::unexpected(*failure_);
  aws::CloudWatch cloudwatch(context.caller, target_);
  aws::AlarmListing listing = std::exchange(listing_, {});
  listed_.begin(now);
  const auto status = until_complete(context, [&] { return cloudwatch.list_alarms(listing); });
  failure_.reset();
  if (!status) {
    failure_ = status.error();
    failed_at_ = context.clock.steady();
    if (passes(status.error())) {
      listing_ = std::move(listing);
    } else {
      listed_.began.reset();
    }
    return status;
  }
  listed_.end(context.clock.steady(), marks_found_);
  marks_are_newer_ = false;
  const MutexLock lock(state_);
  alarms_ = std::move(listing.alarms);
  places_.clear();
  for (std::size_t i = 0; i < alarms_.size(); ++i) places_[alarms_[i].name] = i;
  return {};
}

Status AlarmDesk::list_marks(const Context& context) {
  if (marks_found_.until && context.clock.steady() < *marks_found_.until) return {};
  std::vector<aws::Alarm> alarms;
  read([&](const auto& all, const auto&) { alarms = all; });
  AlarmTagger tagger(context.caller, target_, one_by_one_);
  if (!search_) search_.emplace();
  marks_found_.begin(context.clock.steady());
  const auto status =
      until_complete(context, [&, &so_far = *search_] { return tagger.find(alarms, so_far); });
  if (!status && passes(status.error())) return status;
  auto search = *std::exchange(search_, std::nullopt);
  const Time now = context.clock.steady();
  marks_found_.end(now, listed_);
  if (!status) {
    marks_found_.until.reset();
    return status;
  }
  marks_are_newer_ = true;
  const MutexLock lock(state_);
  marks_ = std::move(search.marks);
  for (auto own = own_.begin(); own != own_.end();) {
    if (own->second.mark) {
      marks_[own->first] = *own->second.mark;
    } else {
      marks_.erase(own->first);
    }
    own = now > own->second.at + kLateEcho ? own_.erase(own) : std::next(own);
  }
  return {};
}

AlarmDesk::Work AlarmDesk::mute(const Context& context, const std::vector<ToMute>& alarms) {
  return ask(context, alarms, true);
}

AlarmDesk::Work AlarmDesk::mute(const Context& context, const std::vector<aws::Alarm>& alarms,
                                const AlarmTags& mark) {
  return ask(context, marked(alarms, mark), true);
}

AlarmDesk::Work AlarmDesk::unmute(const Context& context, const std::vector<aws::Alarm>& alarms) {
  return ask(context, marked(alarms, {}), false);
}

AlarmDesk::Work AlarmDesk::ask(const Context& context, const std::vector<ToMute>& alarms, bool muting) {
  take_in(alarms, muting, context.clock.steady());
  work(context);
  Work outcome;
  const MutexLock lock(state_);
  for (const auto& [alarm, mark] : alarms) {
    const auto item = items_.find(alarm.name);
    if (item == items_.end()) {
      outcome.done.insert(alarm.name);
    } else if (item->second.refused) {
      outcome.refused.emplace(alarm.name, *item->second.refused);
    } else {
      outcome.waiting.insert(alarm.name);
    }
  }
  if (outcome.waiting.empty()) return outcome;
  outcome.trouble = trouble_;
  outcome.wait_seconds = wait_for(outcome.waiting);
  return outcome;
}

void AlarmDesk::take_in(const std::vector<ToMute>& alarms, bool muting, Time now) {
  const MutexLock lock(state_);
  for (const auto& [alarm, mark] : alarms) {
    auto& item = items_[alarm.name];
    const bool is_new = item.alarm.name.empty();
    if (is_new) order_.push_back(alarm.name);
    const bool is_over = item.refused && now >= item.refused_at + kRefusedFor;
    if (!is_new && !is_over && item.muting == muting) continue;
    const Step heard = alarm.actions_enabled ? Step::take_mark_away : Step::enable;
    item = {alarm, mark, muting, muting ? Step::mark : heard, std::nullopt, {}};
  }
}

/// The seconds until the last of them has likely had its turn, by the calls of the tagging API that come
/// before: it is the narrowest.
int AlarmDesk::wait_for(std::set<std::string> waiting) const {
  int calls = 0;
  std::map<AlarmTags, std::size_t> in_call;  // items that are marked alike go together, wherever they stand
  for (const auto& name : order_) {
    waiting.erase(name);
    const auto& item = items_.at(name);
    if (item.step == Step::mark || item.step == Step::take_mark_away) {
      calls += in_call[item.mark]++ % AlarmTagger::kMostAlarms == 0 ? 1 : 0;
    }
    if (waiting.empty()) break;
  }
  return std::max(1, (calls + kTagCallsASecond - 1) / kTagCallsASecond);
}

void AlarmDesk::work(const Context& context) {
  const MutexLock turn(work_);
  mark_or_unmark(context, Step::mark);
  switch_actions(context, Step::disable);
  switch_actions(context, Step::enable);
  mark_or_unmark(context, Step::take_mark_away);
}

/// The first that wait for `step`, at most so many; of those to be marked the ones that are marked alike.
std::vector<AlarmDesk::Item> AlarmDesk::next(Step step, std::size_t most) const {
  std::vector<Item> found;
  const MutexLock lock(state_);
  for (const auto& name : order_) {
    const auto& item = items_.at(name);
    if (item.step != step || item.refused) continue;
    if (!found.empty() && step == Step::mark && item.mark != found.front().mark) continue;
    found.push_back(item);
    if (found.size() == most) break;
  }
  return found;
}

void AlarmDesk::mark_or_unmark(const Context& context, Step step) {
  AlarmTagger tagger(context.caller, target_, one_by_one_);
  for (int calls = 0; calls < kTagCallsASecond; ++calls) {
    const auto items = next(step, AlarmTagger::kMostAlarms);
    if (items.empty() || !tagging_.take(1, context.clock.steady())) return;
    std::vector<std::string> arns;
    for (const auto& item : items) arns.push_back(item.alarm.arn);
    const auto failed = step == Step::mark ? tagger.set(arns, items.front().mark) : tagger.take_away(arns);
    const Time now = context.clock.steady();
    if (!failed) return note_trouble(failed.error(), tagging_, now);
    std::optional<Error> passing;
    for (const auto& item : items) {
      const auto error = failed->find(item.alarm.arn);
      if (error == failed->end()) {
        note_marked(item, step, now);
      } else if (passes(error->second)) {
        passing = error->second;
      } else {
        refuse(item, error->second, now);
      }
    }
    if (passing) return note_trouble(*passing, tagging_, now);
  }
}

void AlarmDesk::switch_actions(const Context& context, Step step) {
  aws::CloudWatch cloudwatch(context.caller, target_);
  TokenBucket& bucket = step == Step::disable ? disabling_ : enabling_;
  const double most = aws::documented_rate(step == Step::disable ? kDisable : kEnable).capacity;
  for (int calls = 0; calls < most; ++calls) {
    if (step == Step::enable && next(Step::take_mark_away, kMostUnmarked).size() == kMostUnmarked) return;
    auto items = next(step, kMostNames);
    if (items.empty() || !bucket.take(1, context.clock.steady())) return;
    std::map<std::string, Item> by_arn;
    std::vector<std::string> arns;
    for (auto& item : items) {
      arns.push_back(item.alarm.arn);
      by_arn.emplace(item.alarm.arn, std::move(item));
    }
    // AWS names an alarm that it refuses by its ARN; the calls go by names.
    const auto outcome = call_in_batches(arns, [&](const std::vector<std::string>& batch) {
      std::vector<std::string> names;
      for (const auto& arn : batch) names.push_back(by_arn.at(arn).alarm.name);
      return step == Step::disable ? cloudwatch.disable_alarm_actions(names)
                                   : cloudwatch.enable_alarm_actions(names);
    });
    const Time now = context.clock.steady();
    for (const auto& arn : outcome.accepted) note_switched(by_arn.at(arn), step);
    std::optional<Error> passing;
    for (const auto& [arn, error, settled, together] : outcome.refused) {
      if (settled) {
        refuse(by_arn.at(arn), error, now);
      } else {
        passing = error;
      }
    }
    if (passing) return note_trouble(*passing, bucket, now);
  }
}

void AlarmDesk::note_marked(const Item& item, Step step, Time now) {
  const MutexLock lock(state_);
  if (step == Step::mark) {
    marks_[item.alarm.arn] = item.mark;
    own_[item.alarm.arn] = {item.mark, now};
    advance(item, Step::disable);
  } else {
    marks_.erase(item.alarm.arn);
    own_[item.alarm.arn] = {std::nullopt, now};
    advance(item, std::nullopt);
  }
}

void AlarmDesk::note_switched(const Item& item, Step step) {
  const MutexLock lock(state_);
  const auto place = places_.find(item.alarm.name);
  if (place != places_.end()) alarms_[place->second].actions_enabled = step == Step::enable;
  advance(item, step == Step::enable ? std::optional(Step::take_mark_away) : std::nullopt);
}

/// To its next step, or, with none, off the desk; unless the opposite was asked for meanwhile.
void AlarmDesk::advance(const Item& item, std::optional<Step> to) {
  trouble_.reset();
  const auto found = items_.find(item.alarm.name);
  if (found == items_.end() || found->second.muting != item.muting) return;
  if (to) {
    found->second.step = *to;
    return;
  }
  items_.erase(found);
  order_.erase(std::find(order_.begin(), order_.end(), item.alarm.name));
}

void AlarmDesk::refuse(const Item& item, const Error& error, Time now) {
  const MutexLock lock(state_);
  const auto found = items_.find(item.alarm.name);
  if (found == items_.end() || found->second.muting != item.muting) return;
  found->second.refused = error;
  found->second.refused_at = now;
}

void AlarmDesk::note_trouble(const Error& error, TokenBucket& bucket, Time now) {
  bucket.drain(now);
  const MutexLock lock(state_);
  trouble_ = error;
}

}  // namespace lamplighter::tasks
