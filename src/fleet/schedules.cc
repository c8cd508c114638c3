#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/duration.h"
#include "base/nearest.h"
#include "fleet/parts.h"
#include "fleet/recipients.h"
#include "schedule/expression.h"
#include "schedule/occurrence.h"
#include "schedule/time_zone.h"
#include "tasks/protocol/occurrence.h"

namespace lamplighter::fleet {
namespace {

constexpr Duration kMaxFlexibleWindow = std::chrono::hours{24};
// EventBridge Scheduler's bounds of a retry policy; `late` shares that of the age, which it bounds.
constexpr int kMaxAttempts = 185;
constexpr Duration kMinAge = std::chrono::minutes{1};
constexpr Duration kMaxAge = std::chrono::hours{24};
constexpr Duration kMinWarn = std::chrono::minutes{1};
constexpr Duration kMaxWarn = std::chrono::hours{12};

std::vector<std::string> names_of(const auto& all) {
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const auto& one : all) names.push_back(one.name);
  return names;
}

class ScheduleReader {
 public:
  ScheduleReader(Reader& reader, const Fleet& fleet)
      : reader_(reader),
        environments_(names_of(fleet.environments)),
        calendars_(names_of(fleet.calendars)),
        timezone_(fleet.timezone),
        tells_people_(!told_of(fleet, Occasion::warning).empty()) {}

  std::optional<Schedule> read(const YamlNode& node) {
    const auto members = reader_.mapping(node, keys::kSchedule, "a schedule: name, action, cron, …");
    if (!members) return std::nullopt;
    Schedule schedule;
    if (const auto* name = reader_.required(*members, "name", node, "the schedule's name"))
      read_name(*name, schedule);
    if (const auto* action = reader_.required(*members, "action", node, "start or stop")) {
      const auto word = reader_.word(*action, {"start", "stop"});
      schedule.action = tasks::parse_action(word.value_or("")).value_or(tasks::Action::start);
    }
    read_expression(node, *members, schedule);
    read_options(*members, schedule);
    return schedule;
  }

 private:
  void read_name(const YamlNode& node, Schedule& schedule) {
    schedule.name = reader_.text(node, "the schedule's name").value_or("");
    if (schedule.name.size() > 48)
      reader_.error(node.place, "found a long name, expected at most 48 characters");
    const auto [first, fresh] = names_.try_emplace(schedule.name, node.place);
    if (!fresh && !schedule.name.empty()) {
      reader_.error(
          node.place,
          fmt::format("found a second schedule \"{}\", expected another name (the first is at line {})",
                      schedule.name, first->second.line));
    }
  }

  /// Exactly one of cron, rate and at, as EventBridge Scheduler writes it.
  void read_expression(const YamlNode& node, const Members& members, Schedule& schedule) {
    constexpr std::array<std::string_view, 3> kKinds{"cron", "rate", "at"};
    int found = 0;
    for (const std::string_view kind : kKinds) {
      const YamlNode* value = members.find(kind);
      if (value == nullptr) continue;
      ++found;
      const auto text = reader_.text(*value, "a schedule expression");
      if (!text) continue;
      schedule.expression = fmt::format("{}({})", kind, *text);
      const auto parsed = schedule::parse_expression(schedule.expression);
      if (!parsed) {
        reader_.error(value->place, parsed.error().message);
      } else if (std::holds_alternative<schedule::Cron>(*parsed) &&
                 !next_occurrence(schedule::Rule{*parsed, "UTC", {}, {}, {}}, Time{})) {
        reader_.error(value->place,
                      fmt::format("found {}, expected a day that a month has: it is never due", *text));
      }
    }
    if (found != 1) {
      reader_.error(node.place, fmt::format("found {} of cron, rate and at, expected exactly one",
                                            found == 0 ? "none" : "several"));
    }
  }

  void read_options(const Members& members, Schedule& schedule) {
    if (const auto* node = members.find("environments")) read_environments_of(*node, schedule);
    schedule.timezone = timezone_;
    if (const auto* node = members.find("timezone")) {
      schedule.timezone = read_time_zone(reader_, *node).value_or(timezone_);
    }
    if (const auto* node = members.find("flexible_window")) {
      schedule.flexible_window =
          reader_.duration(*node, std::chrono::minutes{1}, kMaxFlexibleWindow).value_or(Duration::zero());
      check_whole_minutes(*node, schedule.flexible_window);
    }
    if (const auto* node = members.find("start_date")) schedule.start_date = reader_.moment(*node);
    if (const auto* node = members.find("end_date")) {
      schedule.end_date = reader_.moment(*node);
      if (schedule.start_date && schedule.end_date && *schedule.end_date <= *schedule.start_date) {
        reader_.error(node->place,
                      "found an end_date that is not after the start_date, expected a later moment");
      }
    }
    read_lateness(members, schedule);
    read_calendars(members, schedule);
    if (const auto* node = members.find("warn")) read_warn(*node, schedule);
  }

  void check_whole_minutes(const YamlNode& node, Duration duration) {
    if (duration % std::chrono::minutes{1} == Duration::zero()) return;
    reader_.error(node.place, fmt::format("found {}, expected whole minutes", describe(node)));
  }

  /// Of what the schedule is, all is read.
  void read_warn(const YamlNode& node, Schedule& schedule) {
    schedule.warn = reader_.duration(node, kMinWarn, kMaxWarn).value_or(Duration::zero());
    check_whole_minutes(node, schedule.warn);
    const auto refuse = [&](std::string_view found, std::string_view expected) {
      reader_.error(node.place, fmt::format("found warn {}, expected {}", found, expected));
    };
    if (schedule.action != tasks::Action::stop) refuse("of a start", "it on schedules that stop");
    if (!tells_people_)
      refuse("where nobody is told of it",
             "a recipient in notify with on: [warning], which is so where nothing is said");
    if (schedule.expression.starts_with("rate(") && !schedule.start_date) {
      refuse("of a rate without a start_date",
             "a start_date: such a rate counts from when it was first read, on each engine another moment");
    }
  }

  void read_lateness(const Members& members, Schedule& schedule) {
    if (const auto* node = members.find("late")) {
      schedule.late = reader_.duration(*node, Duration::zero(), kMaxAge).value_or(schedule.late);
      if (schedule.late > Duration::zero() && schedule.late < kMinAge)
        reader_.error(node->place, fmt::format("found {}, expected 0 or at least 1m", describe(*node)));
    }
    schedule.retry.age = std::max(schedule.late, kMinAge);
    if (const auto* node = members.find("retry")) read_retry(*node, schedule.retry);
  }

  /// `retry.age` is what bounds the age that the file says.
  void read_retry(const YamlNode& node, Retry& retry) {
    const auto members = reader_.mapping(node, keys::kRetry, "a retry: attempts, age");
    if (!members) return;
    if (const auto* attempts = members->find("attempts"))
      retry.attempts = reader_.number(*attempts, 0, kMaxAttempts).value_or(retry.attempts);
    const auto* node_of_age = members->find("age");
    const auto age = node_of_age ? reader_.duration(*node_of_age, kMinAge, kMaxAge) : std::nullopt;
    if (age && *age > retry.age) {
      reader_.error(node_of_age->place,
                    fmt::format("found {}, expected at most {}, as the schedule's `late` bounds it (1h where "
                                "nothing is said)",
                                describe(*node_of_age), format_duration(retry.age)));
    }
    retry.age = age.value_or(retry.age);
  }

  void read_environments_of(const YamlNode& node, Schedule& schedule) {
    if (node.kind == YamlNode::Kind::scalar && node.text == "all") return;
    if (!reader_.list(node, "all, or a list of environments")) return;
    read_names(node, environments_, "environment", schedule.environments);
  }

  void read_calendars(const Members& members, Schedule& schedule) {
    const auto* except = members.find("except");
    const auto* only = members.find("only");
    if (except != nullptr) read_calendars_of(*except, schedule.except);
    if (only != nullptr) read_calendars_of(*only, schedule.only);
    const std::size_t count = schedule.except.size() + schedule.only.size();
    if (count <= tasks::kMostCalendars) return;
    reader_.error(
        (only != nullptr ? only : except)->place,
        fmt::format("found {} calendars of one schedule, expected at most {}: each execution carries "
                    "their days",
                    count, tasks::kMostCalendars));
  }

  void read_calendars_of(const YamlNode& node, std::vector<std::string>& into) {
    if (!reader_.list(node, "a list of calendars")) return;
    if (calendars_.empty()) {
      reader_.error(node.place,
                    "found calendars' names, expected the calendars in `calendars` at the file's top");
      return;
    }
    read_names(node, calendars_, "calendar", into);
  }

  void read_names(const YamlNode& node, const std::vector<std::string>& known, std::string_view what,
                  std::vector<std::string>& into) {
    for (const YamlNode& item : node.items) {
      const auto name = reader_.word(item, known);
      if (!name) continue;
      if (std::find(into.begin(), into.end(), *name) != into.end()) {
        reader_.error(item.place, fmt::format("found {} twice, expected each {} once", *name, what));
        continue;
      }
      into.push_back(*name);
    }
  }

  Reader& reader_;
  std::vector<std::string> environments_;
  std::vector<std::string> calendars_;
  std::string timezone_;
  bool tells_people_;
  std::map<std::string, Place> names_;
};

}  // namespace

std::optional<std::string> read_time_zone(Reader& reader, const YamlNode& node) {
  constexpr std::string_view kExpected = "an IANA time zone such as America/New_York";
  auto zone = reader.text(node, kExpected);
  if (!zone || schedule::is_time_zone(*zone)) return zone;
  reader.error(node.place, fmt::format("found {}{}, expected {}", describe(node),
                                       did_you_mean(*zone, schedule::time_zones()), kExpected));
  return std::nullopt;
}

std::vector<Schedule> read_schedules(Reader& reader, const YamlNode& node, const Fleet& fleet) {
  std::vector<Schedule> schedules;
  if (!reader.list(node, "a list of schedules")) return schedules;
  ScheduleReader schedule_reader(reader, fleet);
  for (const YamlNode& item : node.items) {
    if (auto schedule = schedule_reader.read(item)) schedules.push_back(*std::move(schedule));
  }
  return schedules;
}

std::vector<std::string> read_classic(Reader& reader, const YamlNode& node,
                                      const std::vector<Environment>& environments) {
  std::vector<std::string> known;
  for (const Environment& environment : environments) {
    for (const Phase& phase : environment.phases) known.push_back(environment.name + "/" + phase.name);
  }
  std::vector<std::string> classic;
  if (!reader.list(node, "a list of environment/phase, in the order of the phase numbers")) return classic;
  for (const YamlNode& item : node.items) {
    const bool is_empty_list = item.kind == YamlNode::Kind::sequence && item.items.empty();
    if (item.kind == YamlNode::Kind::null || is_empty_list) {
      classic.emplace_back();
      continue;
    }
    const auto phase = reader.word(item, known);
    if (!phase) continue;
    if (std::find(classic.begin(), classic.end(), *phase) != classic.end()) {
      reader.error(item.place, fmt::format("found {} twice, expected each phase once", *phase));
      continue;
    }
    classic.push_back(*phase);
  }
  return classic;
}

}  // namespace lamplighter::fleet
