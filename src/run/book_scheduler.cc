#include "run/book_scheduler.h"

#include <fmt/format.h>

#include "api/scheduler/keywords.h"
#include "base/arn.h"
#include "base/aws_name.h"
#include "base/hash.h"
#include "base/uuid.h"
#include "fleet/schedule_days.h"
#include "fleet/upcoming.h"
#include "scheduler/occurrence_name.h"
#include "tasks/protocol/occurrence.h"

namespace lamplighter::run {
namespace {

/// From when a schedule counts: its last change, in whole seconds as everything that is due.
Time since(const api::Schedule& made) { return std::chrono::floor<std::chrono::seconds>(made.modified); }

/// As the scheduler takes it. Each is for itself, as an environment of its own would be. A rate without a
/// start is due at once. (User guide, "Rate-based schedules".)
fleet::Schedule rule_of(const std::string& key, const api::Schedule& made) {
  fleet::Schedule schedule;
  schedule.name = key;
  schedule.environments = {key};
  schedule.expression = made.expression;
  schedule.timezone = made.timezone;
  schedule.flexible_window = made.window;
  schedule.start_date = made.start;
  if (!made.start && made.expression.starts_with("rate")) {
    schedule.start_date = std::chrono::floor<std::chrono::seconds>(made.created) + std::chrono::seconds(1);
  }
  schedule.end_date = made.end;
  schedule.late = made.target.retry.age;
  schedule.retry = {made.target.retry.attempts, made.target.retry.age};
  return schedule;
}

/// What the service sends where a schedule has no input. (User guide, "Templated targets".)
std::string default_input(const api::Schedule& schedule, const api::Keywords& keywords,
                          const api::Place& place) {
  return json_text(json::object{{"version", "0"},
                                {"id", keywords.execution_id},
                                {"detail-type", "Scheduled Event"},
                                {"source", "aws.scheduler"},
                                {"account", place.account},
                                {"time", api::with_keywords("<aws.scheduler.scheduled-time>", keywords)},
                                {"region", place.region},
                                {"resources", json::array{api::arn_of(schedule, place)}},
                                {"detail", "{}"}});
}

}  // namespace

BookScheduler::BookScheduler(api::Book& book, engine::Executions& executions, const FleetsInForce& fleets,
                             scheduler::Surroundings surroundings)
    : book_(book),
      executions_(executions),
      fleets_(fleets),
      around_(std::move(surroundings)),
      dispatcher_([this] {
        around_.start = [this](const fleet::Fleet&, const scheduler::Firing& firing) {
          return start(firing);
        };
        return around_;
      }()) {
  book_.on_change([this] { changed_ = true; });
}

Status BookScheduler::begin() { return put_in_force(TRY(around_.store.progress(""))); }

Status BookScheduler::put_in_force(std::map<std::string, scheduler::Progress> known) {
  schedules_.clear();
  fleet::Fleet rules;  // without a name: no fleet file's
  for (api::Schedule& made : book_.made()) {
    if (!made.enabled) continue;
    const std::string key = made.group + "/" + made.name;
    fleet::Schedule rule = rule_of(key, made);
    auto& progress = known[key];
    if (const auto identity = scheduler::identity_of(rule); progress.identity != identity) {
      progress = {identity, since(made), since(made), since(made), {}};
    }
    rules.schedules.push_back(std::move(rule));
    fleet::Environment environment;
    environment.name = key;
    rules.environments.push_back(std::move(environment));
    schedules_.emplace(key, std::move(made));
  }
  return dispatcher_.put_in_force(std::move(rules), known);
}

void BookScheduler::look() {
  if (!changed_.exchange(false)) return;
  if (const auto stored = put_in_force(dispatcher_.timetable()->all_progress()); !stored) {
    around_.log.write(
        {LogEvent::store_trouble,
         fmt::format("how far schedules are could not be put on disk: {}", stored.error().message)});
  }
}

/// Whoever was told that a schedule is changed finds it changed in the same second.
std::optional<Time> BookScheduler::turn(const std::function<bool()>& ending) {
  look();
  const auto wake = dispatcher_.turn(ending);
  remove_completed();
  return wake;
}

scheduler::Standing BookScheduler::standing() const {
  scheduler::Standing standing;
  standing.schedules = schedules_.size();
  const scheduler::Timetable& timetable = *dispatcher_.timetable();
  standing.next = timetable.next();
  if (standing.next) standing.timezone = schedules_.at(standing.next->schedule).timezone;
  return standing;
}

void BookScheduler::remove_completed() {
  for (const auto& [key, schedule] : schedules_) {
    if (!schedule.delete_after_completion || !dispatcher_.timetable()->is_over(key)) continue;
    if (const auto removed = book_.remove_completed(schedule); removed && *removed) {
      around_.log.write(
          {LogEvent::schedule_over, fmt::format("schedule \"{}\" is over, and deleted as it asks for", key)});
    }
  }
}

Result<std::string> BookScheduler::start(const scheduler::Firing& firing) {
  if (changed_) return fail(ErrorKind::bad_input, "Changed", "schedules were just changed");
  const api::Schedule& schedule = schedules_.at(firing.schedule);
  // A fleet of the group's name may have a schedule of this name, too, and one that was deleted and made anew
  // another input.
  const auto maker =
      fmt::format("{} {}", api::arn_of(schedule, book_.place()), schedule.created.time_since_epoch().count());
  const std::string name = scheduler::occurrence_name(maker, schedule.name, firing.due);
  const int attempt = dispatcher_.timetable()->attempts(firing.schedule) + 1;
  const api::Keywords keywords{
      .schedule_arn = api::arn_of(schedule, book_.place()),
      .scheduled_time = firing.due,
      .execution_id = make_uuid(fnv1a(name), fnv1a(fmt::format("{} {}", firing.schedule, attempt))),
      .attempt = attempt};
  const std::string input =
      schedule.target.input
          ? fleets_.input_now(schedule.target.arn, api::with_keywords(*schedule.target.input, keywords))
          : default_input(schedule, keywords, book_.place());
  const auto started = executions_.start_execution(schedule.target.arn, name, input,
                                                   {{"how", "schedule"}, {"schedule", firing.schedule}});
  if (started || started.error().code == "ExecutionAlreadyExists") return name;
  return tl::unexpected(started.error());
}

/// As a deployment has them (deploy/template.cc). A rate without a start counts from when it was first read.
Result<std::vector<api::Schedule>> shown_schedules(const fleet::Fleet& fleet,
                                                   const scheduler::Timetable& timetable,
                                                   const api::Place& place, Time now) {
  std::vector<api::Schedule> shown;
  UniqueNames names;
  for (const fleet::Schedule& schedule : fleet.schedules) {
    const auto machine = fmt::format("stateMachine:{}-{}", fleet.name, tasks::to_string(schedule.action));
    auto calendar = TRY(fleet::days_ahead(fleet, schedule, now));
    const tasks::ScheduleInput input{schedule.name, schedule.action, environments_of(fleet, schedule),
                                     std::move(calendar)};
    api::Schedule one;
    one.name = names.take(aws_name(schedule.name), schedule.name);
    one.expression = schedule.expression;
    one.timezone = schedule.timezone;
    one.start = schedule.start_date;
    if (!one.start && one.expression.starts_with("rate"))
      one.start = timetable.progress(schedule.name).first_seen;
    one.end = schedule.end_date;
    one.description = schedule.name;
    one.window = std::chrono::floor<std::chrono::minutes>(schedule.flexible_window);
    one.target.arn = arn_in(place.region, "states", place.account, machine).text();
    one.target.role_arn = global_arn_in(place.region, "iam", place.account, "role/lamplighter").text();
    one.target.input = json_text(to_json(input));
    one.target.retry = {schedule.retry.attempts,
                        std::chrono::floor<std::chrono::seconds>(schedule.retry.age)};
    shown.push_back(std::move(one));
  }
  return shown;
}

Status check_target(engine::Executions& executions, const api::ScheduleTarget& target) {
  const auto machine = executions.describe_state_machine(target.arn);
  if (machine) return {};
  if (machine.error().kind == ErrorKind::internal) return tl::unexpected(machine.error());
  return fail(ErrorKind::bad_input, "ValidationException",
              fmt::format("Provided Arn is not that of a state machine of this engine: {}", target.arn));
}

}  // namespace lamplighter::run
