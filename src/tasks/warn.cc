#include "tasks/warn.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/shell_quoted.h"
#include "base/words.h"
#include "schedule/time_zone.h"
#include "tasks/admission/calendar.h"
#include "tasks/admission/overrides.h"
#include "tasks/admission/ruling.h"
#include "tasks/census.h"
#include "tasks/fleet_leases.h"
#include "tasks/lookout.h"
#include "tasks/moment.h"
#include "tasks/refusal.h"
#include "tasks/target.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kMaxSubject = 99;  // SNS: fewer than 100 characters
constexpr std::size_t kMostCommands = 20;
/// For how much longer the mail's commands keep an environment.
constexpr Duration kKeptLonger = std::chrono::hours{2};

/// The stop's own occurrence.
Occurrence stop_of(const WarnPayload& task) {
  Occurrence stop = task.occurrence;
  stop.due += task.ahead;
  return stop;
}

bool is_chosen(const WarnPayload& task, const std::string& name) {
  return task.chosen.empty() || std::find(task.chosen.begin(), task.chosen.end(), name) != task.chosen.end();
}

/// Those that nothing keeps the stop from, by what is decided now.
Result<std::vector<const DescribedEnvironment*>> not_left_out(const Context& context,
                                                              const WarnPayload& task) {
  std::vector<const DescribedEnvironment*> found;
  const Occurrence stop = stop_of(task);
  if (skipped_by_calendar(stop)) return found;
  FleetLeases leases(context, task.coordination, task.fleet);
  std::vector<Override> overrides;
  if (leases.table() != nullptr) overrides = TRY(Overrides(*leases.table(), task.fleet).read());
  for (const auto& environment : task.environments) {
    if (!is_chosen(task, environment.name)) continue;
    const auto ruling = overruled(overrides, {Action::stop, environment.name, stop, false}, stop.due);
    if (ruling.kind == Ruling::Kind::goes_ahead) found.push_back(&environment);
  }
  return found;
}

std::size_t running_in(const Census& census) {
  std::size_t running = 0;
  for (const auto& phase : census.phases) {
    running += static_cast<std::size_t>(
        std::count_if(phase.members.begin(), phase.members.end(), [](const Server& server) {
          return server.instance.state == "running" || server.instance.state == "pending";
        }));
  }
  return running;
}

/// nullopt where nothing runs there.
std::optional<WarnedEnvironment> look_at(const Context& context, const DescribedEnvironment& environment) {
  LookoutDirectory directory(context, target_of(environment));
  const auto counted = count_servers(directory, {&environment});
  if (!counted)
    return WarnedEnvironment{environment.name, "could not be looked at: " + describe(counted.error())};
  const std::size_t running = running_in(counted->front());
  if (running == 0) return std::nullopt;
  return WarnedEnvironment{environment.name,
                           fmt::format("{} {}", count_of(running, "server"), running == 1 ? "runs" : "run")};
}

/// UTC where this machine does not know the zone.
std::string zone_of(const WarnPayload& task) {
  return schedule::is_time_zone(task.timezone) ? task.timezone : "UTC";
}

/// As `keep` reads it: on the clock of the fleet's zone.
std::string until_word(const WarnPayload& task, Time until, Time now) {
  if (zone_of(task) != task.timezone) return format_time(std::chrono::floor<std::chrono::seconds>(until));
  const std::string words = moment_words(until, task.timezone, now);
  return words.substr(0, words.rfind(" ("));
}

/// "STOP AT 20:00 (Europe/Berlin): dev, test - lower-environments".
std::string subject_of(const WarnPayload& task, const std::string& when,
                       const std::vector<WarnedEnvironment>& reached) {
  std::vector<std::string> names;
  names.reserve(reached.size());
  for (const WarnedEnvironment& one : reached) names.push_back(one.name);
  const auto subject = [&](const std::string& what) {
    return fmt::format("STOP AT {}: {} - {}", when, what, task.fleet);
  };
  std::string text = subject(fmt::format("{}", fmt::join(names, ", ")));
  if (text.size() > kMaxSubject) text = subject(count_of(names.size(), "environment"));
  return text.substr(0, kMaxSubject);
}

/// What follows each command: where the schedules are, and whose.
std::string options(const Context& context) {
  return context.in_lambda ? " --cloud -f FLEET_FILE" : " -f FLEET_FILE";
}

std::string commands(const Context& context, const WarnPayload& task,
                     const std::vector<WarnedEnvironment>& reached) {
  const Time until = std::chrono::ceil<std::chrono::minutes>(stop_of(task).due + kKeptLonger);
  const std::string end = until_word(task, until, context.clock.now());
  std::string text = "To keep one of them running:\n\n";
  for (std::size_t i = 0; i < std::min(reached.size(), kMostCommands); ++i) {
    text += fmt::format("  lamplighter keep {} running until {}{}\n", reached[i].name, shell_quoted(end),
                        options(context));
  }
  // By its moment: pasted late, it is refused, and leaves out no other.
  const Time past = std::chrono::floor<std::chrono::minutes>(stop_of(task).due) + std::chrono::minutes(1);
  const std::string& schedule = task.occurrence.schedule;
  const std::string_view dashes = schedule.starts_with('-') ? "-- " : "";  // else it would be an option
  return text +
         fmt::format("\nTo leave this stop out for all of them:\n\n  lamplighter skip{} {}{} until {}\n",
                     options(context), dashes, shell_quoted(schedule),
                     shell_quoted(until_word(task, past, context.clock.now())));
}

std::string body_of(const Context& context, const WarnPayload& task, const std::string& when,
                    const std::vector<WarnedEnvironment>& reached) {
  const Duration left = std::max<Duration>(stop_of(task).due - context.clock.now(), Duration::zero());
  std::string text = fmt::format("The schedule \"{}\" stops {} at {}, in {}:\n\n", task.occurrence.schedule,
                                 count_of(reached.size(), "environment"), when, readable(left));
  std::size_t width = 0;
  for (const WarnedEnvironment& one : reached) width = std::max(width, one.name.size());
  for (const WarnedEnvironment& one : reached)
    text += fmt::format("  {:<{}}  {}\n", one.name, width, one.reason);
  return text + "\n" + commands(context, task, reached);
}

}  // namespace

Result<WarnAnswer> warn(const Context& context, const WarnPayload& task) {
  if (context.clock.now() >= stop_of(task).due) return WarnAnswer{};  // held up: it has come
  std::vector<WarnedEnvironment> reached;
  for (const DescribedEnvironment* environment : TRY(not_left_out(context, task))) {
    if (auto one = look_at(context, *environment)) reached.push_back(*std::move(one));
  }
  if (reached.empty()) return WarnAnswer{};
  const std::string when = moment_words(stop_of(task).due, zone_of(task), context.clock.now());
  WarnAnswer answer{subject_of(task, when, reached), body_of(context, task, when, reached),
                    stop_of(task).due};
  answer.environments = std::move(reached);
  return answer;
}

}  // namespace lamplighter::tasks
