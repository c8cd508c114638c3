#include "tasks/alarms.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "tasks/alarm_owners.h"
#include "tasks/refusal.h"

namespace lamplighter::tasks {
namespace {

/// A phase's alarms as the desk's last look saw them.
struct OwnAlarms {
  std::map<std::string, std::vector<std::string>> owners;  ///< ids of servers, by the alarm's name
  std::vector<aws::Alarm> enabled;
  std::vector<aws::Alarm> disabled;
};

std::optional<AlarmMark> mark_of(const aws::Alarm& alarm, const AlarmMarks& marks) {
  const auto tags = marks.find(alarm.arn);
  return tags == marks.end() ? std::nullopt : read_mark(tags->second);
}

/// The mark that one that is disabled is to bear instead of what an earlier execution of the fleet left, or
/// once more: nullopt where it has none of those.
std::optional<AlarmMark> mark_instead(const aws::Alarm& alarm, const AlarmMarks& marks,
                                      const AlarmScope& scope) {
  const auto& own = scope.mark;
  const auto mark = mark_of(alarm, marks);
  if (!mark || mark->fleet != own.fleet || alarm.actions_enabled || !own.began) return std::nullopt;
  if (scope.again && mark->execution == own.execution) return mark;
  const bool is_later = is_of_later(*mark, *own.began, own.since.value_or(Time::max()));
  if (is_later || beginning_of(*mark) == *own.began) return std::nullopt;
  auto instead = own;
  instead.since = mark->since.value_or(*own.began);
  return instead;
}

OwnAlarms own_alarms(const AlarmDesk& desk, const AlarmOwners& owners) {
  OwnAlarms own;
  desk.read([&](const std::vector<aws::Alarm>& alarms, const AlarmMarks&) {
    for (const auto& alarm : alarms) {
      auto ids = owners.of(alarm);
      if (ids.empty()) continue;
      own.owners.emplace(alarm.name, std::move(ids));
      (alarm.actions_enabled ? own.enabled : own.disabled).push_back(alarm);
    }
  });
  return own;
}

AlarmWork all_loud(const std::vector<Server>& servers, const Error& error) {
  AlarmWork work;
  work.trouble = error;
  for (const auto& server : servers) work.loud.emplace(server.instance.id, error);
  return work;
}

/// Takes note of what became of alarms that belong to the servers which `owners` gives by their names.
template <class Owners>
void note(const AlarmDesk::Work& done, Owners owners, AlarmWork& work) {
  for (const auto& [name, error] : done.refused) {
    work.trouble = error;
    for (const auto& id : owners(name)) work.loud[id] = error;
  }
  for (const auto& name : done.waiting) {
    for (const auto& id : owners(name)) work.loud.emplace(id, done.trouble);
  }
  if (!work.trouble) work.trouble = done.trouble;
  if (!done.waiting.empty()) work.wait_seconds = std::max(work.wait_seconds, done.wait_seconds);
  if (!done.refused.empty() || !done.waiting.empty()) work.finished = false;
}

/// Without the marks, what is disabled may be anybody's. What passes leaves the work unfinished.
void note_unseen(const Error& error, AlarmWork& work) {
  if (!work.trouble) work.trouble = error;
  if (refusal_of(error) == Refusal::of_everyone) work.finished = false;
}

bool all_bear(const std::vector<aws::Alarm>& alarms, const AlarmDesk& desk,
              const std::function<bool(const AlarmMark&)>& wanted) {
  bool all = true;
  desk.read([&](const auto&, const AlarmMarks& marks) {
    all = std::all_of(alarms.begin(), alarms.end(), [&](const auto& alarm) {
      const auto mark = mark_of(alarm, marks);
      return mark && wanted(*mark);
    });
  });
  return all;
}

/// A start may be about to enable what an earlier execution muted, or have done so since it was listed.
Status see_whose_they_are(const Context& context, AlarmDesk& desk, const AlarmOwners& owners,
                          const AlarmScope& scope, OwnAlarms& own) {
  const auto by_us = [&](const AlarmMark& mark) { return mark.execution == scope.mark.execution; };
  if (all_bear(own.disabled, desk, by_us)) return {};
  CHECK_OK(desk.look_for_marks(context));
  if (all_bear(own.disabled, desk, [](const auto&) { return true; })) return {};
  CHECK_OK(desk.look_after_marks(context));
  own = own_alarms(desk, owners);
  return {};
}

/// Of what is disabled, that which an earlier execution muted. What is enabled was seen to.
void take_over(const Context& context, AlarmDesk& desk, const AlarmOwners& owners, const AlarmScope& scope,
               OwnAlarms& own, AlarmWork& work) {
  own.enabled.clear();
  if (own.disabled.empty()) return;
  if (const auto seen = see_whose_they_are(context, desk, owners, scope, own); !seen)
    return note_unseen(seen.error(), work);
  std::vector<AlarmDesk::ToMute> to_mute;
  desk.read([&](const auto&, const AlarmMarks& marks) {
    for (const auto& alarm : own.disabled) {
      const auto instead = mark_instead(alarm, marks, scope);
      if (instead) to_mute.push_back({alarm, tags_of(*instead)});
    }
  });
  work.took_over = !to_mute.empty();
  for (const auto& alarm : own.enabled) to_mute.push_back({alarm, tags_of(scope.mark)});
  const auto owners_of = [&](const std::string& name) { return own.owners.at(name); };
  note(desk.mute(context, to_mute), owners_of, work);
}

/// The composites over a phase's alarms: those that may be muted now, and the words for the others.
struct Composites {
  std::vector<AlarmDesk::ToMute> to_mute;
  std::vector<std::string> loud;
  bool took_over = false;
};

/// One that rings is muted where all that it asks for is this run's; one that was muted stays so as long as
/// all of it is muted by the fleet.
Composites composites_of(const AlarmDesk& desk, const OwnAlarms& own, const AlarmScope& scope) {
  std::set<std::string> names;
  for (const auto& [name, unused] : own.owners) names.insert(name);
  Composites found;
  desk.read([&](const std::vector<aws::Alarm>& alarms, const AlarmMarks& marks) {
    const auto by_fleet = [&](const aws::Alarm& alarm) {
      const auto mark = mark_of(alarm, marks);
      return !alarm.actions_enabled && mark && mark->fleet == scope.mark.fleet;
    };
    const auto by_run = [&](const aws::Alarm& alarm) {
      if (!by_fleet(alarm)) return false;
      const auto environment = mark_of(alarm, marks)->environment;
      return environment == scope.mark.environment || scope.environments.count(environment) > 0;
    };
    for (const auto& [alarm, loud] : composites_over(alarms, names, by_run)) {
      if (!alarm->actions_enabled) continue;
      if (loud.empty()) {
        found.to_mute.push_back({*alarm, tags_of(scope.mark)});
      } else {
        found.loud.push_back(fmt::format("{} ({} is not muted)", alarm->name, loud));
      }
    }
    for (const auto& [alarm, loud] : composites_over(alarms, names, by_fleet)) {
      const auto instead = mark_instead(*alarm, marks, scope);
      if (!instead || !loud.empty()) continue;
      found.to_mute.push_back({*alarm, tags_of(*instead)});
      found.took_over = true;
    }
  });
  return found;
}

bool has_composites(const AlarmDesk& desk) {
  bool found = false;
  desk.read([&](const std::vector<aws::Alarm>& alarms, const AlarmMarks&) {
    found = std::any_of(alarms.begin(), alarms.end(), [](const auto& alarm) { return !alarm.rule.empty(); });
  });
  return found;
}

/// Composites are worth a call for the marks only where there are any, and never hold back a stop.
void mute_composites(const Context& context, AlarmDesk& desk, const OwnAlarms& own, const AlarmScope& scope,
                     AlarmWork& work) {
  if (!has_composites(desk) || own.owners.empty()) return;
  if (const auto looked = desk.look_for_marks(context); !looked) return note_unseen(looked.error(), work);
  auto composites = composites_of(desk, own, scope);
  work.composites = std::move(composites.loud);
  if (composites.to_mute.empty()) return;
  work.took_over = work.took_over || composites.took_over;
  std::set<std::string> all;
  for (const auto& [unused, ids] : own.owners) all.insert(ids.begin(), ids.end());
  const auto owners = [&](const auto&) { return all; };
  note(desk.mute(context, composites.to_mute), owners, work);
}

/// How many of a phase's alarms bear this execution's mark: also those that an earlier process muted.
int count_muted(const Context& context, AlarmDesk& desk, const AlarmOwners& owners, const AlarmScope& scope) {
  const auto own = own_alarms(desk, owners);
  const auto counted = [&] {
    int count = 0;
    int unknown = 0;
    desk.read([&](const std::vector<aws::Alarm>& alarms, const AlarmMarks& marks) {
      for (const auto& alarm : alarms) {
        if (alarm.actions_enabled || (alarm.rule.empty() && own.owners.count(alarm.name) == 0)) continue;
        const auto mark = mark_of(alarm, marks);
        const bool ours = mark && mark->execution == scope.mark.execution &&
                          mark->environment == scope.mark.environment && mark->phase == scope.mark.phase;
        count += ours ? 1 : 0;
        unknown += mark || !alarm.rule.empty() ? 0 : 1;
      }
    });
    return std::pair(count, unknown);
  };
  auto [count, unknown] = counted();
  if (unknown > 0 && desk.look_for_marks(context)) count = counted().first;
  return count;
}

}  // namespace

AlarmWork mute_alarms(const Context& context, AlarmDesk& desk, const std::vector<Server>& servers,
                      const AlarmScope& scope) {
  if (const auto looked = desk.look(context); !looked) return all_loud(servers, looked.error());
  const AlarmOwners owners(scope.match, servers, scope.known_names);
  auto own = own_alarms(desk, owners);
  AlarmWork work;
  work.finished = true;
  const auto owners_of = [&](const std::string& name) { return own.owners.at(name); };
  note(desk.mute(context, own.enabled, tags_of(scope.mark)), owners_of, work);
  take_over(context, desk, owners, scope, own, work);
  if (work.finished) mute_composites(context, desk, own, scope, work);
  work.muted = count_muted(context, desk, owners, scope);
  return work;
}

AlarmWork unmute_alarms(const Context& context, AlarmDesk& desk, const std::vector<Server>& servers,
                        const std::set<std::string>& stopped, const AlarmScope& scope) {
  AlarmWork work;
  if (const auto looked = desk.look_for_marks(context); !looked) {
    work.trouble = looked.error();
    return work;
  }
  const AlarmOwners owners(scope.match, servers, scope.known_names);
  std::vector<aws::Alarm> marked;
  desk.read([&](const std::vector<aws::Alarm>& alarms, const AlarmMarks& marks) {
    for (const auto& alarm : alarms) {
      const auto ids = owners.of(alarm);
      const bool all_run =
          std::none_of(ids.begin(), ids.end(), [&](const auto& id) { return stopped.count(id) > 0; });
      if (!ids.empty() && all_run && marks.count(alarm.arn) > 0) marked.push_back(alarm);
    }
  });
  const auto done = desk.unmute(context, marked);
  for (const auto& alarm : marked) {
    work.enabled += !alarm.actions_enabled && done.done.count(alarm.name) > 0 ? 1 : 0;
  }
  work.finished = true;
  note(
      done, [](const auto&) { return std::vector<std::string>{}; }, work);
  return work;
}

}  // namespace lamplighter::tasks
