// What the daemon, or a deployment, has on its agenda: read through the APIs of Scheduler and Step Functions.
#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "aws/services/scheduler.h"
#include "base/arn.h"
#include "json/reader.h"
#include "machine/shape.h"
#include "run/agenda.h"
#include "run/executions.h"
#include "run/hand_over.h"
#include "run/holder.h"
#include "run/missed.h"
#include "run/order.h"
#include "run/passed_over.h"
#include "schedule/expression.h"
#include "schedule/time_zone.h"
#include "tasks/admission/overrides.h"
#include "tasks/protocol/occurrence.h"
#include "tasks/protocol/warn.h"
#include "tasks/refusal.h"

namespace lamplighter::run {
namespace {

constexpr Duration kMissedLately = std::chrono::hours{24 * 7};
/// Of each machine: what is older says little of today.
constexpr std::size_t kLatest = 20;

/// "f-stop" of "f-start"; "" for what ends otherwise.
std::string with_suffix(const std::string& name, tasks::Action action) {
  for (const auto known : {tasks::Action::start, tasks::Action::stop}) {
    const auto suffix = fmt::format("-{}", tasks::to_string(known));
    if (name.ends_with(suffix))
      return fmt::format("{}-{}", name.substr(0, name.size() - suffix.size()), tasks::to_string(action));
  }
  return "";
}

/// The state machines that schedules start, each asked once for what it does.
class Machines {
 public:
  Machines(engine::Executions& executions, const Place& place) : executions_(executions), place_(place) {}

  /// nullopt for one that isn't there (yet), or is not of our making.
  const std::optional<machine::Shape>& shape_of(const std::string& arn) {
    const auto [found, is_new] = shapes_.try_emplace(arn);
    if (!is_new) return found->second;
    const auto machine = executions_.describe_state_machine(arn);
    const auto definition = machine ? parse_json(machine->definition) : tl::unexpected(machine.error());
    auto shape = definition ? machine::read_shape(*definition) : tl::unexpected(definition.error());
    if (shape) found->second = *std::move(shape);
    return found->second;
  }

  /// Whose machine it is: the same for a fleet's start and stop.
  [[nodiscard]] std::string system_of(const std::string& name) const {
    if (is_deployed(name)) return place_.cloud->schedules;
    return with_suffix(name, tasks::Action::start);
  }

  /// The machine that does the other action; "" for none.
  [[nodiscard]] std::string other_of(const std::string& name, tasks::Action action) const {
    const auto other = action == tasks::Action::start ? tasks::Action::stop : tasks::Action::start;
    if (!is_deployed(name)) return with_suffix(name, other);
    const auto& names = place_.cloud->machines;
    return *std::find_if(names.begin(), names.end(), [&](const auto& one) { return one != name; });
  }

 private:
  [[nodiscard]] bool is_deployed(const std::string& name) const {
    if (!place_.cloud || place_.cloud->machines.size() != 2) return false;
    const auto& names = place_.cloud->machines;
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  engine::Executions& executions_;
  const Place& place_;
  std::map<std::string, std::optional<machine::Shape>> shapes_;
};

std::string name_in(const std::string& arn) { return arn.substr(arn.rfind(':') + 1); }

std::vector<std::string> names_of(const std::optional<machine::Shape>& shape) {
  std::vector<std::string> names;
  for (std::size_t i = 0; shape && i < shape->environments.size(); ++i)
    names.push_back(shape->environments[i].name());
  return names;
}

/// What it does to which environments, as far as its input and its machine say so.
void read_target(const aws::Scheduler::Schedule& made, const json::value& input, Machines& machines,
                 Planned& planned) {
  const auto said = tasks::parse_action(get_string(input, "action"));
  const auto& shape = machines.shape_of(made.target_arn);
  const auto all = names_of(shape);
  planned.machine = made.target_arn;
  planned.schedule.environments = chosen_in(input);
  planned.all = planned.schedule.environments.empty() || planned.schedule.environments == all;
  if (!said && !shape) return;
  planned.schedule.action = said ? *said : shape->action;
  planned.system = machines.system_of(name_in(made.target_arn));
  if (planned.all) planned.schedule.environments = all;
}

/// A rate without a start counts from its creation.
void read_rule(const aws::Scheduler::Schedule& made, Planned& planned) {
  fleet::Schedule& schedule = planned.schedule;
  schedule.expression = made.expression;
  schedule.timezone = made.timezone;
  schedule.flexible_window = made.window;
  schedule.start_date = made.start;
  if (!made.start && made.expression.starts_with("rate"))
    schedule.start_date = std::chrono::floor<std::chrono::seconds>(made.created) + std::chrono::seconds(1);
  schedule.end_date = made.end;
  if (!schedule::parse_expression(made.expression))
    planned.trouble = fmt::format("{} is not understood here", made.expression);
  if (made.timezone != "UTC" && !schedule::is_time_zone(made.timezone))
    planned.trouble = fmt::format("this machine doesn't know the time zone {}", made.timezone);
}

std::optional<tasks::KeepsEnd> read_ends_of(const json::value& input) {
  const auto fields = Reader::of(input, "input", "InvalidInput");
  return fields ? tasks::read_ends(*fields).value_or(std::nullopt) : std::nullopt;
}

/// A fleet's schedules have the file's names in their inputs.
Planned read(const aws::Scheduler::Schedule& made, Machines& machines) {
  Planned planned;
  planned.group = made.group;
  planned.enabled = made.enabled;
  const auto input = parse_json(made.input).value_or(json::value());
  planned.schedule.name = get_string(input, "schedule", made.name);
  // What somebody wrote himself is his machine's affair.
  planned.calendar = tasks::read_calendar(input, "InvalidInput").value_or(std::nullopt);
  read_target(made, input, machines, planned);
  const auto& shape = machines.shape_of(made.target_arn);
  const json::value* occurrence = find(input, tasks::kOccurrence);
  if (shape && occurrence != nullptr) {
    planned.bound_by = shape->fleet;
    planned.ends = read_ends_of(input);
    planned.schedule.name = get_string(*occurrence, "schedule", planned.schedule.name);
  }
  read_rule(made, planned);
  return planned;
}

/// Of the fleets whose schedules these are. Who may not read them is told so, and sees the schedules.
void read_overrides(Desk& desk, Machines& machines, Agenda& agenda) {
  for (const Planned& one : agenda.schedules) {
    if (one.bound_by.empty() || agenda.overrides.contains(one.bound_by)) continue;
    auto& overrides = agenda.overrides[one.bound_by];
    const auto& coordination = machines.shape_of(one.machine)->coordination;
    if (coordination.kind == tasks::Coordination::Kind::none) continue;
    const auto table = desk.table(coordination);
    auto read = table ? tasks::Overrides(**table, one.bound_by).read() : tl::unexpected(table.error());
    if (read) {
      overrides = *std::move(read);
    } else {
      agenda.troubles.push_back(
          fmt::format("overrides of {} could not be read: {}", one.bound_by, tasks::describe(read.error())));
    }
  }
}

/// It starts and stops nothing.
bool is_warning(const aws::Scheduler::Schedule& made) {
  return find(parse_json(made.input).value_or(json::value()), tasks::kAhead) != nullptr;
}

Result<std::vector<Planned>> read_all(aws::Scheduler scheduler, const Place& place, Machines& machines) {
  const auto names = scheduler.list(place.cloud ? place.cloud->schedules : "");
  if (!names && names.error().code == "ResourceNotFoundException") {
    return fail(
        ErrorKind::bad_input, "NotDeployed",
        fmt::format("found no schedule group {} in {}: the fleet is not deployed there, or was without "
                    "schedules",
                    place.cloud ? place.cloud->schedules : "", place.cloud ? place.cloud->region : ""));
  }
  if (!names) return tl::unexpected(names.error());
  std::vector<Planned> all;
  for (const auto& name : *names) {
    auto made = scheduler.get(name);
    if (!made && made.error().code == "ResourceNotFoundException") continue;  // it went meanwhile
    if (!made) return tl::unexpected(made.error());
    if (is_warning(*made)) continue;
    all.push_back(read(*made, machines));
  }
  return all;
}

/// One execution that did something to environments.
struct Deed {
  engine::Execution execution;
  std::string system;
  tasks::Action action;
};

/// The latest of the machine; none of one that can't be asked.
void add_deeds(engine::Executions& executions, const std::string& arn, const std::string& system,
               tasks::Action action, std::vector<Deed>& deeds) {
  const auto latest = executions.list_executions({arn, std::nullopt, kLatest, ""});
  if (!latest) return;
  for (const engine::Execution& one : latest->items) deeds.push_back({one, system, action});
}

/// What the latest executions did. An environment of one that failed may be anything.
Left left_by(const std::vector<Deed>& newest_first, engine::Executions& executions, Machines& machines) {
  Left left;
  std::set<std::pair<std::string, std::string>> settled;
  for (const Deed& deed : newest_first) {
    const auto execution = executions.describe_execution(deed.execution.arn);
    if (!execution) continue;
    auto names = chosen_in(parse_json(execution->input).value_or(json::value()));
    if (names.empty()) names = names_of(machines.shape_of(execution->state_machine_arn));
    const bool is_so = execution->status == engine::ExecutionStatus::running ||
                       execution->status == engine::ExecutionStatus::succeeded;
    const auto passed_over = passed_over_in(executions, *execution);
    for (const std::string& name : names) {
      if (passed_over && passed_over->skipped.contains(name)) continue;  // it did nothing to it
      if (settled.emplace(deed.system, name).second && is_so) left[{deed.system, name}] = deed.action;
    }
  }
  return left;
}

/// Of both machines of each fleet, also where only one has schedules.
Left read_left(const std::vector<Planned>& schedules, engine::Executions& executions, Machines& machines) {
  std::vector<Deed> deeds;
  std::set<std::string> asked;
  const auto ask = [&](const std::string& arn, const std::string& system, tasks::Action action) {
    if (asked.insert(arn).second) add_deeds(executions, arn, system, action, deeds);
  };
  for (const Planned& one : schedules) {
    if (one.system.empty()) continue;
    const auto action = one.schedule.action;
    ask(one.machine, one.system, action);
    const std::string name = name_in(one.machine);
    const std::string other = machines.other_of(name, action);
    if (other.empty()) continue;
    ask(one.machine.substr(0, one.machine.size() - name.size()) + other, one.system,
        action == tasks::Action::start ? tasks::Action::stop : tasks::Action::start);
  }
  std::stable_sort(deeds.begin(), deeds.end(), [](const Deed& one, const Deed& other) {
    return one.execution.started > other.execution.started;
  });
  return left_by(deeds, executions, machines);
}

Result<std::vector<scheduler::MissedRecord>> read_lately_missed(aws::RestCaller& caller, Time now) {
  constexpr std::string_view kPath = kMissedPath;
  const auto answer = TRY(parse_json(
      TRY(caller.send({}, {.service = "", .action = "Missed", .path = {std::string(kPath.substr(1))}}))));
  std::vector<scheduler::MissedRecord> lately;
  if (!answer.is_array()) return lately;
  for (const json::value& row : answer.get_array()) {
    auto record = read_missed(row);
    if (record && record->recorded > now - kMissedLately) lately.push_back(*std::move(record));
  }
  return lately;
}

/// The desk of whoever fires schedules there.
Result<std::unique_ptr<Desk>> open_desk_with_schedules(const Place& place) {
  if (place.cloud) return open_desk(place);
  constexpr const char* kHow =
      "lamplighter serve -f FILE fires a file's schedules, and -f FILE lists them here";
  auto desk = TRY(desk_of_holder(place.state_dir));
  if (!desk) {
    return fail(
        ErrorKind::bad_input, "NoSchedules",
        fmt::format("no daemon serves from {}: {}", TRY(state_directory(place.state_dir)).string(), kHow));
  }
  if (desk->schedules() != nullptr) return desk;
  return fail(ErrorKind::bad_input, "NoSchedules",
              fmt::format("{} fires no schedules: {}", words_of(*desk->holder()), kHow));
}

}  // namespace

Result<Agenda> agenda_at(const Place& place) {
  const auto desk = TRY(open_desk_with_schedules(place));
  const aws::Target target{place.cloud ? place.cloud->region : "us-east-1", ""};
  Machines machines(desk->executions(), place);
  Agenda agenda;
  agenda.owner = desk->holder() != nullptr ? words_of(*desk->holder()) : place.cloud->schedules + " on AWS";
  agenda.now = desk->clock().now();
  agenda.schedules = TRY(read_all({*desk->schedules(), target}, place, machines));
  read_overrides(*desk, machines, agenda);
  agenda.left = read_left(agenda.schedules, desk->executions(), machines);
  if (!place.cloud) agenda.missed = TRY(read_lately_missed(*desk->schedules(), agenda.now));
  return agenda;
}

}  // namespace lamplighter::run
