#include "console/print_agenda.h"

#include <algorithm>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/duration.h"
#include "base/words.h"
#include "console/print.h"
#include "console/words.h"
#include "run/missed.h"
#include "schedule/time_zone.h"

namespace lamplighter::console {
namespace {

using fleet::Outlook;
using run::Agenda;
using run::AgendaEntry;
using run::Planned;

/// "Fri 2026-11-27 06:00 America/New_York (11:00 UTC)"; UTC's day where it is another.
std::string due_text(const std::string& zone, Time due) {
  const std::string local = local_time(zone, due);
  const std::string utc = local_time("UTC", due);
  if (local == utc) return fmt::format("{} {}", local, zone);
  constexpr std::size_t kDay = std::string_view("Fri 2026-11-27 ").size();
  const bool same_day = local.compare(0, kDay, utc, 0, kDay) == 0;
  return fmt::format("{} {} ({} UTC)", local, zone, same_day ? utc.substr(kDay) : utc);
}

std::string skipped(const AgendaEntry& entry) {
  const std::string& why = entry.upcoming.skipped;
  if (!why.empty()) return fmt::format("; skipped: {}", why);
  std::string some;
  for (const auto& [environment, said] : entry.overruled)
    some += fmt::format("; not {}: {}", environment, said);
  return some;
}

struct Row {
  std::string due, schedule, action, what;
};

std::string machine_name(const Planned& planned) {
  return planned.machine.substr(planned.machine.rfind(':') + 1);
}

/// Whether schedules of several groups stand beside each other: then a name alone doesn't tell.
bool has_groups(const Agenda& agenda) {
  std::set<std::string> groups;
  for (const Planned& one : agenda.schedules) groups.insert(one.group);
  return groups.size() > 1;
}

std::string name_of(const Planned& planned, bool with_group) {
  return with_group ? planned.group + "/" + planned.schedule.name : planned.schedule.name;
}

std::string environments_of(const Planned& planned) {
  if (planned.system.empty()) return "state machine " + machine_name(planned);
  return planned.all ? "all" : fmt::format("{}", fmt::join(planned.schedule.environments, ", "));
}

/// "; already running", "; dev already running".
std::string already_words(const AgendaEntry& entry) {
  if (entry.already.empty()) return "";
  const auto& schedule = entry.planned->schedule;
  const bool are_all = entry.already.size() == schedule.environments.size();
  return fmt::format("; {}{}{}", fmt::join(are_all ? std::vector<std::string>() : entry.already, ", "),
                     are_all ? "" : " ", already(schedule.action));
}

Row to_row(const AgendaEntry& entry, bool with_group) {
  const Planned& planned = *entry.planned;
  const auto window = planned.schedule.flexible_window;
  const std::string later =
      window > Duration::zero() ? fmt::format(", up to {} later", format_duration(window)) : "";
  return {due_text(planned.schedule.timezone, *entry.upcoming.due), name_of(planned, with_group),
          planned.system.empty() ? "run" : std::string(tasks::to_string(planned.schedule.action)),
          environments_of(planned) + later + skipped(entry) + already_words(entry)};
}

void print_table(const std::vector<Row>& rows) {
  std::size_t due = 0;
  std::size_t schedule = 0;
  for (const Row& row : rows) {
    due = std::max(due, row.due.size());
    schedule = std::max(schedule, row.schedule.size());
  }
  for (const Row& row : rows) {
    print_line(stdout, "{:<{}}  {:<{}}  {:<6}  {}", row.due, due, row.schedule, schedule, row.action,
               row.what);
  }
}

/// "next on …", "never: …", "ended: …".
std::string why_not(const AgendaEntry& entry) {
  const fleet::Upcoming& one = entry.upcoming;
  if (one.due) return "next on " + due_text(one.schedule->timezone, *one.due) + skipped(entry);
  return fmt::format("{}: {}", to_string(one.outlook), one.reason);
}

/// "nights: 3 occurrences from Thu … to Sat …: older than it may be to be made up for".
std::string missed_words(const Agenda& agenda, const scheduler::MissedRecord& record, bool with_group) {
  const auto& missed = record.missed;
  const Planned* planned = schedule_of(agenda, record);
  const std::string zone = planned == nullptr ? "UTC" : planned->schedule.timezone;
  const std::string name = planned == nullptr ? missed.schedule : name_of(*planned, with_group);
  const std::string until = missed.count > 1 ? " until " + due_text(zone, missed.last) : "";
  return fmt::format(
      "{}: {}{}, due {}{}: {}", name, missed.more ? "more than " : "",
      count_of(static_cast<std::size_t>(std::max<std::int64_t>(missed.count, 1)), "occurrence"),
      due_text(zone, missed.first), until, run::words_of(missed.why));
}

std::string local_moment(const std::string& zone, Time time) {
  const auto local = schedule::to_local(zone, time).time_since_epoch();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(local.count()));
}

json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

/// Of the schedule, without a moment.
json::object to_json(const Planned& planned, std::string_view outlook, std::string_view reason) {
  const bool is_ours = !planned.system.empty();
  return {{"schedule", planned.schedule.name},
          {"group", text_or_null(planned.group)},
          {"machine", text_or_null(machine_name(planned))},
          {"action", is_ours ? json::value(tasks::to_string(planned.schedule.action)) : json::value()},
          {"environments", json::value_from(planned.schedule.environments)},
          {"outlook", json::string(outlook)},
          {"reason", json::string(reason)},
          {"already", json::array()},
          {"skipped", ""},
          {"overruled", json::object()},
          {"due", nullptr},
          {"begins_by", nullptr},
          {"local", nullptr},
          {"timezone", planned.schedule.timezone}};
}

void put_due(json::object& made, const Planned& planned, Time due) {
  made["due"] = format_time(due);
  made["begins_by"] = format_time(due + planned.schedule.flexible_window);
  made["local"] = local_moment(planned.schedule.timezone, due);
}

json::object to_json(const AgendaEntry& entry) {
  auto made = to_json(*entry.planned, to_string(entry.upcoming.outlook), entry.upcoming.reason);
  made["already"] = json::value_from(entry.already);
  made["skipped"] = entry.upcoming.skipped;
  made["overruled"] = json::value_from(entry.overruled);
  if (entry.upcoming.due) put_due(made, *entry.planned, *entry.upcoming.due);
  return made;
}

json::object to_json(const Agenda& agenda, const scheduler::MissedRecord& record) {
  const Planned* planned = schedule_of(agenda, record);
  Planned gone{.schedule = {}, .group = record.fleet};
  gone.schedule.name = record.missed.schedule;
  const Planned& shown = planned == nullptr ? gone : *planned;
  auto made = to_json(shown, "missed", run::words_of(record.missed.why));
  put_due(made, shown, record.missed.first);
  made["until"] = format_time(record.missed.last);
  made["count"] = record.missed.count;
  made["more"] = record.missed.more;
  return made;
}

}  // namespace

void print_agenda(const Agenda& agenda, const std::vector<AgendaEntry>& entries) {
  if (agenda.schedules.empty()) print_line(stdout, "{} has no schedules.", agenda.owner);
  const bool with_group = has_groups(agenda);
  const auto others = std::find_if(entries.begin(), entries.end(), [](const AgendaEntry& one) {
    return one.upcoming.outlook != Outlook::due;
  });
  if (others != entries.begin()) {
    std::vector<Row> rows{{"DUE", "SCHEDULE", "ACTION", "ENVIRONMENTS"}};
    std::transform(entries.begin(), others, std::back_inserter(rows),
                   [&](const AgendaEntry& one) { return to_row(one, with_group); });
    print_table(rows);
    if (others != entries.end()) print_line(stdout, "");
  }
  for (auto one = others; one != entries.end(); ++one)
    print_line(stdout, "{} is not due in this time; {}", name_of(*one->planned, with_group), why_not(*one));
  if (agenda.missed.empty()) return;
  if (!entries.empty()) print_line(stdout, "");
  print_line(stdout, "Missed in the last 7 days:");
  for (const auto& record : agenda.missed)
    print_line(stdout, "  {}", missed_words(agenda, record, with_group));
}

json::array to_json(const Agenda& agenda, const std::vector<AgendaEntry>& entries) {
  json::array rows;
  for (const AgendaEntry& one : entries) rows.push_back(to_json(one));
  for (const auto& record : agenda.missed) rows.push_back(to_json(agenda, record));
  return rows;
}

}  // namespace lamplighter::console
