#include "tasks/alarms.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "tasks/refusal.h"

// Why marks are tags on the alarms, and why the order of the calls is as it is. The mark has to outlive this
// process and be found from another machine, so it lives where the alarm lives. A run may die between any two
// calls:
//   Muting marks first, then disables. Died in between: a marked alarm that still rings; the next stop
//   disables it, the next start finds it enabled and takes the stale mark away. The other way round a death
//   would leave an alarm that is disabled without a mark, as if a person had done it: silent for ever, and
//   nobody told. Unmuting enables first, then takes the mark away, for the same reason. That is why a start
//   also asks enabled alarms for a mark: left there, it would pass off a person's later disabling as
//   Lamplighter's.
namespace lamplighter::tasks {
namespace {

constexpr std::string_view kInstanceDimension = "InstanceId";
constexpr std::size_t kMaxTagValue = 256;
// Alarms are worked on in slices, each complete in itself before the next begins.
constexpr std::size_t kSlice = 25;
constexpr int kMaxErrors = 3;  // after so many the reason is not a single alarm's

bool is_word_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte) != 0 || c == '_';
}

/// What AWS allows in a tag's value, less the letters beyond ASCII.
bool is_allowed_in_tag(char c) {
  return static_cast<unsigned char>(c) < 0x80 &&
         (is_word_character(c) || std::string_view(" +-=.:/@").find(c) != std::string_view::npos);
}

/// Whether an alarm was deleted since it was listed; then there is nothing to do for it.
bool is_gone(const Error& error) {
  return error.code == "ResourceNotFound" || error.code == "ResourceNotFoundException";
}

/// Counts what goes wrong with single alarms and says when to give up.
class Errors {
 public:
  /// Gives whether to go on with the next alarm.
  bool note(const Error& error) {
    if (is_gone(error)) return true;
    first_ = first_ ? first_ : error;
    return refusal_of(error) != Refusal::of_everyone && ++count_ < kMaxErrors;
  }
  [[nodiscard]] const std::optional<Error>& first() const { return first_; }

 private:
  std::optional<Error> first_;
  int count_ = 0;
};

using Slice = std::span<const ServerAlarm>;

/// Calls `work` with slices of `alarms` until it gives false, or the time is used up. Gives how many alarms
/// it was called with.
template <class Work>
std::size_t in_slices(const std::vector<ServerAlarm>& alarms, const Clock& clock, Work work) {
  const Time end = clock.steady() + kAlarmTime;
  std::size_t done = 0;
  while (done < alarms.size() && clock.steady() < end) {
    const std::size_t size = std::min(kSlice, alarms.size() - done);
    if (!work(Slice(alarms).subspan(done, size))) break;
    done += size;
  }
  return done;
}

/// Marks and disables one slice; takes those that are now silent out of `loud`.
bool mute_slice(aws::CloudWatch& cloudwatch, Slice slice, const std::string& muted_by,
                std::set<std::string>& loud_alarms, Errors& errors) {
  std::vector<std::string> marked;
  bool go_on = true;
  for (const auto& [alarm, unused] : slice) {
    if (const auto tagged = cloudwatch.tag(alarm.arn, {{std::string(kMutedTag), muted_by}})) {
      marked.push_back(alarm.name);
    } else {
      if (is_gone(tagged.error())) loud_alarms.erase(alarm.name);
      go_on = errors.note(tagged.error());
      if (!go_on) break;
    }
  }
  if (marked.empty()) return go_on;
  if (const auto disabled = cloudwatch.disable_alarm_actions(marked); !disabled) {
    errors.note(disabled.error());
    return false;
  }
  for (const auto& name : marked) loud_alarms.erase(name);
  return go_on;
}

/// The alarms of a slice that bear Lamplighter's mark. False: give up.
bool find_marked(aws::CloudWatch& cloudwatch, Slice slice, std::vector<const aws::Alarm*>& marked,
                 Errors& errors) {
  for (const auto& [alarm, unused] : slice) {
    const auto muted = is_muted(cloudwatch, alarm);
    if (muted && *muted) marked.push_back(&alarm);
    if (!muted && !errors.note(muted.error())) return false;
  }
  return true;
}

bool unmute_slice(aws::CloudWatch& cloudwatch, Slice slice, int& enabled, Errors& errors) {
  std::vector<const aws::Alarm*> marked;
  const bool go_on = find_marked(cloudwatch, slice, marked, errors);
  std::vector<std::string> silent;
  for (const auto* alarm : marked) {
    if (!alarm->actions_enabled) silent.push_back(alarm->name);
  }
  if (!silent.empty()) {
    if (const auto status = cloudwatch.enable_alarm_actions(silent); !status) {
      errors.note(status.error());
      return false;
    }
    enabled += static_cast<int>(silent.size());
  }
  for (const auto* alarm : marked) {
    if (const auto status = cloudwatch.untag(alarm->arn, {std::string(kMutedTag)});
        !status && !errors.note(status.error())) {
      return false;
    }
  }
  return go_on;
}

std::set<std::string> ids_of(const std::vector<Server>& servers) {
  std::set<std::string> ids;
  for (const auto& server : servers) ids.insert(server.instance.id);
  return ids;
}

bool all_in(const std::vector<std::string>& ids, const std::set<std::string>& set) {
  return std::all_of(ids.begin(), ids.end(), [&](const auto& id) { return set.count(id) > 0; });
}

}  // namespace

std::string muted_by(const ReconcilePayload& task) {
  std::string value = fmt::format("{}/{}/{}", task.fleet, task.environment, task.phase);
  std::replace_if(
      value.begin(), value.end(), [](char c) { return !is_allowed_in_tag(c); }, '_');
  return value.substr(0, kMaxTagValue);
}

bool holds_word(std::string_view text, std::string_view word) {
  if (word.empty()) return false;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || !is_word_character(text[at - 1]);
    const bool ends = end == text.size() || !is_word_character(text[end]);
    if (begins && ends) return true;
  }
  return false;
}

std::vector<ServerAlarm> alarms_of(const std::vector<Server>& servers, AlarmMatch match,
                                   std::vector<aws::Alarm> alarms) {
  const auto ids = ids_of(servers);
  std::vector<ServerAlarm> matched;
  for (auto& alarm : alarms) {
    std::vector<std::string> owners;
    const auto [first, last] = alarm.dimensions.equal_range(std::string(kInstanceDimension));
    if (first != last) {
      std::set<std::string> watched;  // metric math may name one instance several times
      for (auto dimension = first; dimension != last; ++dimension) watched.insert(dimension->second);
      std::set_intersection(watched.begin(), watched.end(), ids.begin(), ids.end(),
                            std::back_inserter(owners));
    } else if (match == AlarmMatch::dimension_or_name) {
      for (const auto& server : servers) {
        if (holds_word(alarm.name, server.name)) owners.push_back(server.instance.id);
      }
    }
    if (!owners.empty()) matched.push_back({std::move(alarm), std::move(owners)});
  }
  std::sort(matched.begin(), matched.end(),
            [](const auto& a, const auto& b) { return a.alarm.name < b.alarm.name; });
  return matched;
}

Result<bool> is_muted(aws::CloudWatch& cloudwatch, const aws::Alarm& alarm) {
  return TRY(cloudwatch.list_tags(alarm.arn)).count(std::string(kMutedTag)) > 0;
}

AlarmWork mute_alarms(aws::CloudWatch& cloudwatch, const Clock& clock, const std::vector<Server>& servers,
                      AlarmMatch match, const std::string& muted_by) {
  AlarmWork work;
  auto described = cloudwatch.describe_alarms();
  if (!described) {
    work.error = described.error();
    work.loud = ids_of(servers);
    return work;
  }
  auto alarms = alarms_of(servers, match, *std::move(described));
  alarms.erase(
      std::remove_if(alarms.begin(), alarms.end(), [](const auto& a) { return !a.alarm.actions_enabled; }),
      alarms.end());
  std::set<std::string> loud_alarms;
  for (const auto& alarm : alarms) loud_alarms.insert(alarm.alarm.name);
  Errors errors;
  in_slices(alarms, clock,
            [&](Slice slice) { return mute_slice(cloudwatch, slice, muted_by, loud_alarms, errors); });
  for (const auto& [alarm, owners] : alarms) {
    if (loud_alarms.count(alarm.name) > 0) work.loud.insert(owners.begin(), owners.end());
  }
  work.changed = static_cast<int>(alarms.size() - loud_alarms.size());
  work.finished = loud_alarms.empty();
  work.error = errors.first();
  return work;
}

AlarmWork unmute_alarms(aws::CloudWatch& cloudwatch, const Clock& clock, const std::vector<Server>& servers,
                        AlarmMatch match, const std::set<std::string>& healthy, const std::string& after) {
  AlarmWork work;
  auto described = cloudwatch.describe_alarms();
  if (!described) {
    work.error = described.error();
    return work;
  }
  auto alarms = alarms_of(servers, match, *std::move(described));
  alarms.erase(
      std::remove_if(alarms.begin(), alarms.end(),
                     [&](const auto& a) { return a.alarm.name <= after || !all_in(a.server_ids, healthy); }),
      alarms.end());
  Errors errors;
  const std::size_t done = in_slices(
      alarms, clock, [&](Slice slice) { return unmute_slice(cloudwatch, slice, work.changed, errors); });
  work.error = errors.first();
  work.finished = done == alarms.size() && !work.error;
  // After an error the next look begins here again: it may have been a single alarm's.
  work.after = done > 0 && !work.error ? alarms[done - 1].alarm.name : after;
  return work;
}

}  // namespace lamplighter::tasks
