#include "machine/branch.h"

#include <fmt/format.h>

#include "machine/names.h"
#include "tasks/protocol/branch_end.h"

namespace lamplighter::machine {
namespace {

std::int64_t seconds(Duration duration) { return std::chrono::floor<std::chrono::seconds>(duration).count(); }

/// An error that another try may not meet, before the deadline. (The seconds that have passed are added up: a
/// clock may be set.)
std::string may_pass(Duration timeout) {
  return fmt::format(
      "$exists($states.input.error) and $states.input.error.Error in $passing and $states.input.passed < {}",
      seconds(timeout));
}

json::object rule(std::string_view comment, const std::string& condition, const std::string& next) {
  return {{"Comment", comment}, {"Condition", fmt::format("{{% {} %}}", condition)}, {"Next", next}};
}

/// What a phase begins with.
json::object first_look() { return {{"memory", nullptr}, {"passed", 0}, {"wait_seconds", 1}}; }

/// The survey's verdict.
json::object is_chosen(const std::string& environment, const BranchNames& names) {
  const std::string verdict =
      fmt::format("$survey.environments[name = {}]", literal(json::value(environment)));
  const json::object nothing_yet{
      {"members", json::object{}}, {"phases", json::array{}}, {"since", "{% $now() %}"}};
  json::object run = rule("yes", verdict + ".status = 'run'", names.admit);
  run["Assign"] = nothing_yet;
  run["Output"] = first_look();
  json::object halted = rule("known to fail", verdict + ".status = 'halted'", names.halt);
  halted["Assign"] = nothing_yet;
  halted["Output"] = json::object{{"at", fmt::format("{{% '' & {}.phase %}}", verdict)},
                                  {"reason", fmt::format("{{% '' & {}.reason %}}", verdict)}};
  return {{"Type", "Choice"},
          {"Choices", json::array{std::move(run), std::move(halted)}},
          {"Default", names.skipped}};
}

json::object is_admitted(const BranchNames& names, const std::string& first_task, Duration timeout) {
  json::object run = rule("yes", "$states.input.status = 'run'", first_task);
  run["Assign"] = json::object{{"since", "{% $now() %}"}};
  run["Output"] = first_look();
  return {{"Type", "Choice"},
          {"Choices", json::array{std::move(run), rule("not yet", may_pass(timeout), names.wait_to_admit)}},
          {"Default", names.halt}};
}

/// Ready, another look, or the end. A phase that is ready joins `phases`, and the next one begins; it settles
/// only where something has changed.
json::object is_ready(const fleet::Phase& phase, const PhaseNames& names, const std::string& halt,
                      const std::string& next, bool settling) {
  const auto go_on = [&](std::string_view comment, const std::string& condition, const std::string& to) {
    json::object ready = rule(comment, condition, to);
    ready["Assign"] =
        json::object{{"phases", "{% [$phases, $states.input.phase] %}"}, {"since", "{% $now() %}"}};
    ready["Output"] = first_look();
    return ready;
  };
  json::array rules;
  const std::string ready = "$states.input.status = 'ready'";
  if (settling) {
    rules.push_back(go_on("ready before", ready + " and $states.input.phase.changed = 0", next));
  }
  rules.push_back(go_on("ready", ready, settling ? names.settle : next));
  rules.push_back(
      rule("not yet", "$states.input.status = 'waiting' or (" + may_pass(phase.timeout) + ")", names.wait));
  return {{"Type", "Choice"}, {"Choices", std::move(rules)}, {"Default", halt}};
}

json::object wait(const std::string& next) {
  return {{"Type", "Wait"}, {"Seconds", "{% $states.input.wait_seconds %}"}, {"Next", next}};
}

json::object settle(Duration duration, const std::string& next) {
  return {{"Type", "Wait"},
          {"Seconds", seconds(duration)},
          {"Assign", json::object{{"since", "{% $now() %}"}}},
          {"Next", next}};
}

/// The environment's end after a failure. Its input is {at: the phase, and of these what there is: reason,
/// phase: its answer, error: the error output}. No error in a Pass state can be caught, so nothing in the
/// expression can fail, whatever a handler answered. The reason stands once.
json::object halt(const std::string& environment) {
  tasks::PhaseAnswer never_looked_at;
  json::object unknown = to_json(never_looked_at);
  for (const auto* said_below : {"name", "status", "reason", "started_at", "ended_at"}) {
    unknown.stable_erase(said_below);
  }
  const std::string output = fmt::format(
      "{{% ($input := $states.input; $error := $input.error; $at := '' & $input.at; "
      "$reason := $exists($error) ? {} : $exists($input.reason) ? '' & $input.reason : "
      "'' & $input.phase.reason; "
      "$known := $exists($error) or $exists($input.phase); "
      "$answer := $merge([{}, $input.phase, {{'name': $at, 'status': 'failed', 'reason': ''}}]); "
      "{{'environment': {}, 'status': 'halted', 'phase': $at, 'reason': $reason, 'members': $members, "
      "'phases': $at != '' and $known ? [$phases, $answer] : [$phases]}}) %}}",
      error_words("$error"), literal(unknown), literal(json::value(environment)));
  return {{"Type", "Pass"}, {"Output", output}, {"End", true}};
}

json::object finish(const std::string& environment) {
  tasks::BranchEnd end;
  end.environment = environment;
  json::object output = to_json(end);
  output["members"] = "{% $members %}";
  output["phases"] = "{% [$phases] %}";
  return {{"Type", "Pass"}, {"Output", std::move(output)}, {"End", true}};
}

json::object skip(const std::string& environment) {
  tasks::BranchEnd end;
  end.environment = environment;
  end.skipped = true;
  return {{"Type", "Pass"}, {"Output", to_json(end)}, {"End", true}};
}

/// Settling is for what comes next: there is none after the last phase, and none on the way down.
bool settles(const Source& source, const fleet::Phase& phase, bool last) {
  return source.action == tasks::Action::start && !last && phase.settle > Duration::zero();
}

}  // namespace

json::object branch(const Source& source, const fleet::Environment& environment) {
  const std::vector<const fleet::Phase*> phases = source.phases(environment);
  const BranchNames own(source.action, environment.name);
  const PhaseNames first(source.action, environment.name, phases.front()->name);
  json::object states;
  states[own.is_chosen] = is_chosen(environment.name, own);
  states[own.admit] = admit_task(source, environment, own.is_admitted);
  states[own.is_admitted] = is_admitted(own, first.task, phases.front()->timeout);
  states[own.wait_to_admit] = wait(own.admit);
  for (std::size_t i = 0; i < phases.size(); ++i) {
    const fleet::Phase& phase = *phases[i];
    const PhaseNames names(source.action, environment.name, phase.name);
    const bool last = i + 1 == phases.size();
    const std::string next =
        last ? own.finished : PhaseNames(source.action, environment.name, phases[i + 1]->name).task;
    const bool settling = settles(source, phase, last);
    states[names.task] = reconcile_task(source, environment, phase, names.did);
    states[names.did] = is_ready(phase, names, own.halt, next, settling);
    states[names.wait] = wait(names.task);
    if (settling) states[names.settle] = settle(phase.settle, next);
  }
  states[own.halt] = halt(environment.name);
  states[own.finished] = finish(environment.name);
  states[own.skipped] = skip(environment.name);
  return {{"StartAt", own.is_chosen}, {"States", std::move(states)}};
}

}  // namespace lamplighter::machine
