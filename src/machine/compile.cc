#include "machine/compile.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/limits.h"
#include "fleet/choose.h"
#include "machine/branch.h"
#include "machine/events.h"
#include "machine/names.h"
#include "machine/notify.h"
#include "machine/tasks.h"
#include "tasks/protocol/event_budget.h"
#include "tasks/protocol/payload_budget.h"
#include "tasks/protocol/run.h"

namespace lamplighter::machine {
namespace {

// The branches' results share a payload with what the report is told of the fleet.
constexpr std::size_t kMaxSelectors = 80'000;
static_assert(kMaxSelectors < limits::kPayloadBytes / 2);

/// Who runs it may say otherwise.
std::string on_conflict(const fleet::Fleet& fleet) {
  return fmt::format("{{% $exists($states.input.on_conflict) ? $states.input.on_conflict : '{}' %}}",
                     tasks::to_string(fleet.on_conflict));
}

/// What the tasks of branches are told of the run (tasks/protocol/run.h).
json::object told_of_run(const Source& source) {
  return {{"action", json::string(tasks::to_string(source.action))},
          {"fleet", source.fleet.name},
          {"execution", "{% $states.context.Execution.Id %}"},
          // A clock that runs faster (--speed) says nothing to other processes.
          {"began",
           "{% $exists($states.input.began) ? $states.input.began : $states.context.Execution.StartTime %}"},
          {"chosen", "{% [$states.input.environments] %}"},
          {"alarms", json::string(tasks::to_string(source.fleet.alarms))},
          {"pause", source.options.pause},
          {"room", tasks::phase_room(source.described_bytes(), source.phase_count())},
          {"coordination", tasks::to_json(source.fleet.coordination)}};
}

/// What admit is told, which decides whether a branch runs: the same, and what was wished for.
json::object told_of_wish(const Source& source) {
  json::object told = told_of_run(source);
  told["on_conflict"] = on_conflict(source.fleet);
  told["occurrence"] = "{% $exists($states.input.occurrence) ? $states.input.occurrence : null %}";
  told["calendar"] = "{% $exists($states.input.calendar) ? $states.input.calendar : null %}";
  told["override"] = "{% $states.input.override = true %}";
  return told;
}

/// What all tasks are told stands once: selectors can be long, and branches many.
json::object describe_fleet(const Source& source, const std::string& next) {
  return {
      {"Type", "Pass"},
      {"Assign",
       json::object{{"environments", tasks::to_json(source.described())},
                    {tasks::kRun, told_of_run(source)},
                    {"wish", told_of_wish(source)},
                    {"survey", json::object{{"environments", json::array{}}}},
                    {"unmuting",
                     json::object{{"status", "waiting"}, {"wait", 1}, {"looks", 0}, {"words", "{% '' %}"}}},
                    {"passing", passing_errors()}}},
      {"Next", next}};
}

json::object start_all(const Source& source, const std::string& next) {
  json::array branches;
  for (const fleet::Environment* environment : source.environments) {
    branches.push_back(branch(source, *environment));
  }
  return {{"Type", "Parallel"},
          {"Branches", std::move(branches)},
          {"Output", json::object{{"results", "{% [$states.result] %}"}}},
          {"Next", next}};
}

json::object rule(std::string_view comment, const std::string& condition, const std::string& next) {
  return {{"Comment", comment}, {"Condition", fmt::format("{{% {} %}}", condition)}, {"Next", next}};
}

/// A start has its loop behind it: one that leaves alarms muted is not to look as if all were well.
json::object did_all(const MachineNames& names, tasks::Action action) {
  const std::string good = "$states.input.status = 'SUCCEEDED'";
  if (action == tasks::Action::stop) {
    return {{"Type", "Choice"},
            {"Choices", json::array{rule("yes", good, names.succeeded)}},
            {"Default", names.aside}};
  }
  return {{"Type", "Choice"},
          {"Choices", json::array{rule("yes", good + " and $unmuting.words = ''", names.succeeded),
                                  rule("but alarms are muted", good, names.still_muted)}},
          {"Default", names.aborted}};
}

/// The loop that gives alarms their voice, by the marks on them: also where the fleet no longer has any
/// muted. The report comes in and leaves it at `next`; the loop's own states carry nothing of it.
void add_unmute_loop(const Source& source, const MachineNames& names, const std::string& next,
                     json::object& states) {
  states[names.aside] = json::object{{"Type", "Pass"},
                                     {"Assign", json::object{{"reported", "{% $states.input %}"}}},
                                     {"Output", json::object()},
                                     {"Next", names.unmute}};
  states[names.unmute] = unmute_task(source, names.all_heard);
  states[names.all_heard] = json::object{
      {"Type", "Choice"},
      {"Choices", json::array{json::object{
                      {"Comment", "yes"},
                      {"Condition", fmt::format("{{% $unmuting.status = 'done' or $unmuting.looks >= {} %}}",
                                                tasks::kUnmuteLooks)},
                      {"Output", "{% $reported %}"},
                      {"Next", next}}}},
      {"Default", names.wait_unmute}};
  states[names.wait_unmute] =
      json::object{{"Type", "Wait"}, {"Seconds", "{% $unmuting.wait %}"}, {"Next", names.unmute}};
}

json::object failure(std::string_view error, const std::string& cause) {
  return {{"Type", "Fail"},
          {"Error", error},
          {"Cause", fmt::format("{{% $substring('' & {}, 0, 2000) %}}", cause)}};
}

/// The environments that halted, in one sentence, from the report's answer.
std::string halted_words() {
  return "$join($states.input.environments[status = 'halted'].(name & ': ' & reason), '; ')";
}

json::object machine(const Source& source) {
  const MachineNames names(source.action);
  const std::string aborted = source.action == tasks::Action::start ? "StartAborted" : "StopAborted";
  json::object states;
  states[names.fleet] = describe_fleet(source, names.survey);
  states[names.survey] = survey_task(source, names.all, names.report);
  states[names.all] = start_all(source, names.report);
  // A stop that has stopped everything leaves no alarm to be heard.
  const bool starts = source.action == tasks::Action::start;
  const std::string& told = starts ? names.aside : names.did_all;
  json::object telling;
  const std::string first = add_notify_states(source, Message::report, told, telling);
  states[names.report] = report_task(source, first, names.no_report);
  for (auto& [name, state] : telling) states[name] = std::move(state);
  if (starts) add_unmute_loop(source, names, names.did_all, states);
  states[names.did_all] = did_all(names, source.action);
  if (!starts) add_unmute_loop(source, names, names.aborted, states);
  states[names.succeeded] = json::object{{"Type", "Succeed"}};
  if (starts) states[names.still_muted] = failure("AlarmsStillMuted", "$unmuting.words");
  states[names.aborted] =
      failure(aborted, halted_words() + " & ($unmuting.words = '' ? '' : '; ' & $unmuting.words)");
  states[names.no_report] = failure("ReportFailed", error_words("$states.input"));
  std::vector<std::string> environments;
  environments.reserve(source.environments.size());
  for (const auto* environment : source.environments) environments.push_back(environment->name);
  return {{"Comment", fmt::format("Lamplighter: {} {} of {}", tasks::to_string(source.action),
                                  fmt::join(environments, ", "), source.fleet.name)},
          {"QueryLanguage", "JSONata"},
          {"StartAt", names.fleet},
          {"States", std::move(states)}};
}

/// What Step Functions would refuse, or what could not flow through its payloads.
Status check_size(const Source& source, const json::object& definition) {
  const std::size_t selectors = source.described_bytes();
  if (selectors > kMaxSelectors) {
    return fail(
        ErrorKind::bad_input, "FleetTooLarge",
        fmt::format(
            "the selectors of all servers have {} bytes, expected at most {}: split the fleet, or select "
            "servers by tags",
            selectors, kMaxSelectors));
  }
  const std::size_t bytes = json_text(definition).size();
  if (bytes > limits::kDefinitionBytes) {
    return fail(
        ErrorKind::bad_input, "FleetTooLarge",
        fmt::format(
            "the state machine has {} bytes, expected at most {}: split the fleet, or select servers by tags",
            bytes, limits::kDefinitionBytes));
  }
  return {};
}

}  // namespace

Result<json::value> compile(const fleet::Fleet& fleet, tasks::Action action, const CompileOptions& options) {
  auto environments = TRY(fleet::choose(fleet, options.environments));
  const int looks = TRY(looks_for(fleet, options.environments));
  const Source source{fleet, action, options, std::move(environments), looks};
  json::object definition = machine(source);
  CHECK_OK(check_size(source, definition));
  return definition;
}

}  // namespace lamplighter::machine
