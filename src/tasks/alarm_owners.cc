#include "tasks/alarm_owners.h"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "tasks/alarm_rule.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kInstanceDimension = "InstanceId";

bool is_word_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte) != 0;
}

bool is_joint(char c) { return c == '-' || c == '_'; }

/// Whether a word goes on at the front of `text`.
template <class Iterator>
bool goes_on(Iterator begin, Iterator end) {
  const auto next = std::find_if_not(begin, end, is_joint);
  return next != end && is_word_character(*next);
}

/// What composites ask for, followed through composites of composites.
class Rules {
 public:
  Rules(const std::vector<aws::Alarm>& alarms, const std::set<std::string>& own,
        const std::function<bool(const aws::Alarm&)>& muted)
      : own_(own), muted_(muted) {
    for (const auto& alarm : alarms) {
      known_.emplace(alarm.name, &alarm);
      known_.emplace(alarm.arn, &alarm);
    }
  }

  struct Verdict {
    bool own = false;
    std::string loud;
  };

  Verdict judge(const aws::Alarm& composite) {
    Verdict verdict;
    std::set<std::string> path;
    std::set<std::string> done;
    follow(composite, path, done, verdict);
    return verdict;
  }

 private:
  /// A rule that is not understood is never muted; it is taken for one over a phase's alarm by that one's
  /// name.
  void follow(const aws::Alarm& composite, std::set<std::string>& path, std::set<std::string>& done,
              Verdict& verdict) {
    if (!path.insert(composite.name).second) return found_loud(composite.name, verdict);
    if (done.insert(composite.name).second) {
      const auto asked = alarms_in_rule(composite.rule);
      if (asked) {
        for (const auto& name : *asked) look_at(name, path, done, verdict);
      } else {
        found_loud("something", verdict);
        verdict.own = verdict.own || std::any_of(own_.begin(), own_.end(), [&](const auto& name) {
                        return composite.rule.find(name) != std::string::npos;
                      });
      }
    }
    path.erase(composite.name);
  }

  void look_at(const std::string& name, std::set<std::string>& path, std::set<std::string>& done,
               Verdict& verdict) {
    const auto found = known_.find(name);
    if (found == known_.end()) return found_loud(name, verdict);
    const auto& alarm = *found->second;
    if (!alarm.rule.empty()) {
      follow(alarm, path, done, verdict);
      // One that a person disabled rings for nobody, but is not ours to count on.
      if (!alarm.actions_enabled && !muted_(alarm)) found_loud(alarm.name, verdict);
      return;
    }
    verdict.own = verdict.own || own_.count(alarm.name) > 0;
    if (!muted_(alarm)) found_loud(alarm.name, verdict);
  }

  static void found_loud(const std::string& name, Verdict& verdict) {
    if (verdict.loud.empty()) verdict.loud = name;
  }

  const std::set<std::string>& own_;
  const std::function<bool(const aws::Alarm&)>& muted_;
  std::map<std::string, const aws::Alarm*> known_;  ///< by name and ARN
};

}  // namespace

bool is_whole_word(std::string_view text, std::size_t begin, std::size_t end) {
  const auto before = text.substr(0, begin);
  const auto behind = text.substr(end);
  return !goes_on(before.rbegin(), before.rend()) && !goes_on(behind.begin(), behind.end());
}

AlarmOwners::AlarmOwners(AlarmMatch match, const std::vector<Server>& servers,
                         const std::vector<std::string>& known_names)
    : match_(match) {
  for (const auto& name : known_names) names_[name];
  for (const auto& server : servers) {
    ids_.insert(server.instance.id);
    names_[server.name].push_back(server.instance.id);
  }
  names_.erase("");
  for (const auto& [name, unused] : names_) lengths_.insert(name.size());
}

std::vector<std::string> AlarmOwners::of(const aws::Alarm& alarm) const {
  if (match_ == AlarmMatch::none || !alarm.rule.empty()) return {};
  if (alarm.dimensions.count(std::string(kInstanceDimension)) > 0) return by_dimension(alarm);
  return match_ == AlarmMatch::dimension_or_name ? by_name(alarm.name) : std::vector<std::string>{};
}

std::vector<std::string> AlarmOwners::by_dimension(const aws::Alarm& alarm) const {
  std::set<std::string> watched;  // metric math may name one instance several times
  const auto [first, last] = alarm.dimensions.equal_range(std::string(kInstanceDimension));
  for (auto dimension = first; dimension != last; ++dimension) watched.insert(dimension->second);
  std::vector<std::string> owners;
  std::set_intersection(watched.begin(), watched.end(), ids_.begin(), ids_.end(), std::back_inserter(owners));
  return owners;
}

// From left to right; a name inside one that began before it is only a part of that.
std::vector<std::string> AlarmOwners::by_name(const std::string& name) const {
  const std::string_view text = name;
  std::set<std::string> owners;
  std::size_t taken = 0;
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    for (const auto length : lengths_) {
      const auto end = begin + length;
      if (end <= taken || end > text.size() || !is_whole_word(text, begin, end)) continue;
      const auto found = names_.find(text.substr(begin, length));
      if (found == names_.end()) continue;
      owners.insert(found->second.begin(), found->second.end());
      taken = end;
      break;
    }
  }
  return {owners.begin(), owners.end()};
}

std::vector<Composite> composites_over(const std::vector<aws::Alarm>& alarms,
                                       const std::set<std::string>& own,
                                       const std::function<bool(const aws::Alarm&)>& muted) {
  Rules rules(alarms, own, muted);
  std::vector<Composite> found;
  for (const auto& alarm : alarms) {
    if (alarm.rule.empty()) continue;
    auto verdict = rules.judge(alarm);
    if (verdict.own) found.push_back({&alarm, std::move(verdict.loud)});
  }
  return found;
}

}  // namespace lamplighter::tasks
