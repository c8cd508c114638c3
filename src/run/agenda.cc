#include "run/agenda.h"

#include <algorithm>

#include <fmt/format.h>

#include "fleet/schedule_days.h"
#include "tasks/admission/ruling.h"

namespace lamplighter::run {
namespace {

bool means_one_of(const Planned& planned, const std::vector<std::string>& environments) {
  const auto& names = planned.schedule.environments;
  return environments.empty() || names.empty() ||
         std::find_first_of(names.begin(), names.end(), environments.begin(), environments.end()) !=
             names.end();
}

/// Why its calendars leave out what is due then: "not on holidays (2026-12-25)"; "" where they don't.
std::string reason_against(const Planned& planned, Time due) {
  if (!planned.calendar) return "";
  const auto verdict = tasks::verdict(*planned.calendar, due);
  if (verdict.runs) return "";
  return fmt::format("{} ({})", verdict.reason, schedule::format_day(tasks::day_of(*planned.calendar, due)));
}

/// What people's overrides say against what is due then.
std::map<std::string, std::string> overruled_in(const Agenda& agenda, const Planned& planned, Time due) {
  std::map<std::string, std::string> overruled;
  const auto found = agenda.overrides.find(planned.bound_by);
  if (planned.bound_by.empty() || found == agenda.overrides.end()) return overruled;
  const tasks::Occurrence occurrence{planned.schedule.name, due, {}, planned.ends};
  for (const std::string& name : planned.schedule.environments) {
    auto ruling = tasks::overruled(found->second, {planned.schedule.action, name, occurrence}, due);
    if (ruling.kind == tasks::Ruling::Kind::skipped) overruled.emplace(name, std::move(ruling.why));
  }
  return overruled;
}

/// Why nothing of it runs; "" where something does, or not all for the same reason.
std::string reason_for_all(const Planned& planned, const std::map<std::string, std::string>& overruled) {
  if (overruled.empty() || overruled.size() < planned.schedule.environments.size()) return "";
  const std::string& reason = overruled.begin()->second;
  const bool same =
      std::all_of(overruled.begin(), overruled.end(), [&](const auto& one) { return one.second == reason; });
  return same ? reason : "overruled";
}

/// Takes note of an occurrence: gives those of its environments that are so already. Where some are named,
/// of those only: what happens to others isn't looked at.
std::vector<std::string> take_note(const Planned& planned, const std::vector<std::string>& environments,
                                   const std::map<std::string, std::string>& overruled, Left& left) {
  std::vector<std::string> already;
  if (planned.system.empty()) return already;
  for (const std::string& name : planned.schedule.environments) {
    const bool is_meant = environments.empty() ||
                          std::find(environments.begin(), environments.end(), name) != environments.end();
    if (!is_meant || overruled.contains(name)) continue;
    const auto [found, is_new] = left.try_emplace({planned.system, name}, planned.schedule.action);
    if (!is_new && found->second == planned.schedule.action) already.push_back(name);
    found->second = planned.schedule.action;
  }
  return already;
}

/// How things stand at `from`: what is known now, and what falls between. A week before it settles what is
/// started and stopped every week.
Left left_at(const Agenda& agenda, const std::vector<const fleet::Schedule*>& schedules,
             const std::map<const fleet::Schedule*, const Planned*>& planned,
             const std::vector<std::string>& environments, Time from) {
  if (from < agenda.now) return {};
  const Time since = std::max(agenda.now, from - std::chrono::days(7));
  Left left = since == agenda.now ? agenda.left : Left();
  fleet::Occurrences between(schedules, since);
  for (auto one = between.next(); one && *one->due <= from; one = between.next())
    if (reason_against(*planned.at(one->schedule), *one->due).empty())
      take_note(*planned.at(one->schedule), environments,
                overruled_in(agenda, *planned.at(one->schedule), *one->due), left);
  return left;
}

}  // namespace

Result<Agenda> agenda_of(const fleet::Fleet& fleet, Time now, Time from) {
  Agenda agenda;
  agenda.owner = fleet.name;
  agenda.now = now;
  for (const fleet::Schedule& schedule : fleet.schedules) {
    Planned planned{.schedule = schedule,
                    .all = schedule.environments.empty(),
                    .system = fleet.name,
                    .bound_by = fleet.name};
    planned.schedule.environments = environments_of(fleet, schedule);
    const auto today = fleet::day_of(schedule, std::min(now, from));
    auto days = TRY(days_of(fleet, schedule, {today, day_of(schedule, from) + fleet::kCalendarReach}));
    if (days.binds()) planned.calendar = {schedule.timezone, std::move(days)};
    agenda.schedules.push_back(std::move(planned));
  }
  return agenda;
}

void add_overrides(Agenda& agenda, const Overruling& where) {
  auto list = overrides_in_reach(where);
  if (list) {
    agenda.overrides[where.fleet.name] = std::move(list->in_force);
  } else if (list.error().code != "NoTable") {
    agenda.troubles.push_back(
        fmt::format("overrides of {} are not known: {}", where.fleet.name, list.error().message));
  }
}

std::vector<AgendaEntry> entries_of(const Agenda& agenda, const std::vector<std::string>& environments,
                                    Time from, Time until, std::size_t most) {
  std::vector<const fleet::Schedule*> schedules;
  std::map<const fleet::Schedule*, const Planned*> planned;
  std::vector<AgendaEntry> others;
  for (const Planned& one : agenda.schedules) {
    if (!means_one_of(one, environments)) continue;
    if (!one.trouble.empty()) {
      others.push_back({&one, {&one.schedule, fleet::Outlook::unknown, {}, one.trouble}});
    } else if (!one.enabled) {
      others.push_back({&one, {&one.schedule, fleet::Outlook::disabled, {}, "its state is DISABLED"}});
    } else {
      planned[&one.schedule] = &one;
      schedules.push_back(&one.schedule);
    }
  }
  Left left = left_at(agenda, schedules, planned, environments, from);
  std::vector<AgendaEntry> entries;
  for (fleet::Upcoming& one : fleet::upcoming(schedules, from, until, most)) {
    AgendaEntry entry{planned.at(one.schedule), std::move(one)};
    if (entry.upcoming.due) entry.upcoming.skipped = reason_against(*entry.planned, *entry.upcoming.due);
    if (entry.upcoming.due && entry.upcoming.skipped.empty()) {
      entry.overruled = overruled_in(agenda, *entry.planned, *entry.upcoming.due);
      entry.upcoming.skipped = reason_for_all(*entry.planned, entry.overruled);
    }
    if (entry.upcoming.outlook == fleet::Outlook::due && entry.upcoming.skipped.empty())
      entry.already = take_note(*entry.planned, environments, entry.overruled, left);
    entries.push_back(std::move(entry));
  }
  std::move(others.begin(), others.end(), std::back_inserter(entries));
  return entries;
}

/// A fleet's records have its schedules' names, those of the API's schedules "GROUP/NAME".
const Planned* schedule_of(const Agenda& agenda, const scheduler::MissedRecord& missed) {
  const auto is_it = [&](const Planned& one) {
    return missed.fleet.empty() ? one.group + "/" + one.schedule.name == missed.missed.schedule
                                : one.group == missed.fleet && one.schedule.name == missed.missed.schedule;
  };
  const auto found = std::find_if(agenda.schedules.begin(), agenda.schedules.end(), is_it);
  return found == agenda.schedules.end() ? nullptr : &*found;
}

}  // namespace lamplighter::run
