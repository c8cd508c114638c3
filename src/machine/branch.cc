#include "machine/branch.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "machine/names.h"
#include "tasks/protocol/branch_end.h"
#include "tasks/protocol/timeouts.h"

namespace lamplighter::machine {
namespace {

constexpr std::int64_t kShortestPause = 10;  // seconds, after an error

std::int64_t seconds(Duration duration) { return std::chrono::floor<std::chrono::seconds>(duration).count(); }

json::object rule(std::string_view comment, const std::string& condition, const std::string& next) {
  return {{"Comment", comment}, {"Condition", fmt::format("{{% {} %}}", condition)}, {"Next", next}};
}

/// The seconds that have passed, after an error: what was known before, and what the task took since. That is
/// the clock's, which may have been set: at most as much as a task may take.
std::string passed_after_error(std::int64_t pause) {
  return fmt::format("{{% $passed+{}+$max([0,$min([{},($millis()-$toMillis($since))/1000-$passed])]) %}}",
                     pause, tasks::kReconcileTimeout.count());
}

/// Another try, before the deadline, after an error that it may not meet: no more of them than the phase may
/// take looks. Each waits its own seconds more, so that a crowd that Lambda turned away does not come back as
/// one.
json::object try_again(Duration timeout, int looks, const std::string& wait) {
  const std::int64_t pause =
      std::max<std::int64_t>(kShortestPause, seconds(timeout) / looks) + fnv1a(wait) % kShortestPause;
  json::object again = rule(
      "try again", fmt::format("$states.input.Error in $passing and $passed < {}", seconds(timeout)), wait);
  again["Assign"] = json::object{{"passed", passed_after_error(pause)}};
  again["Output"] = json::object{{"wait_seconds", pause}};
  return again;
}

/// What a phase begins with: no memory of an earlier look.
json::object begin(const std::string& phase) {
  return {{"at", phase}, {"memory", nullptr}, {"passed", 0}, {"since", "{% $now() %}"}};
}

/// The survey's verdict.
json::object is_chosen(const std::string& environment, const BranchNames& names) {
  const std::string verdict = fmt::format("$verdicts.`{}`", environment);
  const json::object nothing_yet{{"members", json::object{}}, {"phases", json::array{}}, {"lease", nullptr}};
  json::object run = rule("yes", verdict + ".status = 'run'", names.admit);
  json::object begun = nothing_yet;
  begun["at"] = "{% '' %}";  // asl-validator takes no empty texts
  begun["claim"] = nullptr;
  begun["passed"] = 0;
  begun["since"] = "{% $now() %}";
  run["Assign"] = std::move(begun);
  json::object halted = rule("known to fail", verdict + ".status = 'halted'", names.halt);
  json::object known = nothing_yet;
  known["at"] = fmt::format("{{% '' & {}.phase %}}", verdict);
  halted["Assign"] = std::move(known);
  halted["Output"] = json::object{{"reason", fmt::format("{{% '' & {}.reason %}}", verdict)}};
  return {{"Type", "Choice"},
          {"Choices", json::array{std::move(run), std::move(halted)}},
          {"Default", names.skipped}};
}

json::object is_admitted(const BranchNames& names, const fleet::Phase& first, int looks,
                         const std::string& first_task) {
  json::object run = rule("yes", "$states.input.status = 'run'", first_task);
  run["Assign"] = begin(first.name);
  json::object not_yet = rule("not yet", "$states.input.status = 'waiting'", names.wait_to_admit);
  not_yet["Assign"] = json::object{{"since", "{% $now() %}"}};  // it answers
  json::object decided = rule("skipped", "$states.input.status = 'skipped'", names.skipped);
  return {{"Type", "Choice"},
          {"Choices", json::array{std::move(run), std::move(not_yet), std::move(decided),
                                  try_again(first.timeout, looks, names.wait_to_admit)}},
          {"Default", names.halt}};
}

/// Where a branch goes once a phase is ready.
struct Next {
  std::string state;
  std::string phase;  ///< "" after the last
};

/// Ready, another look, or the end. A phase that is ready joins `phases`, and the next one begins; it settles
/// only where something has changed.
json::object is_ready(const fleet::Phase& phase, const PhaseNames& names, const std::string& halt,
                      const Next& next, int looks, bool settling) {
  const auto go_on = [&](std::string_view comment, const std::string& condition, const std::string& to) {
    json::object ready = rule(comment, condition, to);
    json::object assigned{{"phases", "{% [$phases, $states.input.phase] %}"}};
    if (to == next.state && !next.phase.empty()) {
      const json::object begun = begin(next.phase);
      assigned.insert(begun.begin(), begun.end());
    }
    ready["Assign"] = std::move(assigned);
    return ready;
  };
  json::array rules;
  const std::string ready = "$states.input.status = 'ready'";
  if (settling) {
    rules.push_back(go_on("ready before", ready + " and $states.input.phase.changed = 0", next.state));
  }
  rules.push_back(go_on("ready", ready, settling ? names.settle : next.state));
  rules.push_back(rule("not yet", "$states.input.status = 'waiting'", names.wait));
  rules.push_back(try_again(phase.timeout, looks, names.wait));
  return {{"Type", "Choice"}, {"Choices", std::move(rules)}, {"Default", halt}};
}

json::object wait(const std::string& next) {
  return {{"Type", "Wait"}, {"Seconds", "{% $states.input.wait_seconds %}"}, {"Next", next}};
}

json::object settle(Duration duration, const Next& next) {
  return {
      {"Type", "Wait"}, {"Seconds", seconds(duration)}, {"Assign", begin(next.phase)}, {"Next", next.state}};
}

/// The environment's end after a failure. Its input is an error output, a look's answer, or has a reason; the
/// phase is `at`. No error in a Pass state can be caught, so nothing in the expression can fail, whatever a
/// handler answered. The reason stands once; read_branch_end() makes it of an error.
json::object halt(const std::string& environment) {
  const std::string output = fmt::format(
      "{{% ($input := $states.input; "
      "$answer := $merge([$input.phase, {{'name': $at, 'status': 'failed', 'reason': ''}}]); "
      "{{'environment': '{}', 'status': 'halted', 'phase': $at, "
      "'reason': '' & [$input.reason, $input.phase.reason][0], "
      "'error': $input.Error, 'cause': $substring($input.Cause, 0, 700), 'members': $members, 'lease': "
      "$lease, "
      "'phases': $at != '' and $exists([$input.Error, $input.phase][0]) ? [$phases, $answer] : [$phases]}}) "
      "%}}",
      environment);
  return {{"Type", "Pass"}, {"Output", output}, {"End", true}};
}

json::object finish(const std::string& environment) {
  tasks::BranchEnd end;
  end.environment = environment;
  json::object output = to_json(end);
  output["members"] = "{% $members %}";
  output["lease"] = "{% $lease %}";
  output["phases"] = "{% [$phases] %}";
  return {{"Type", "Pass"}, {"Output", std::move(output)}, {"End", true}};
}

/// It was not chosen, or somebody decided so: then there is a reason.
json::object skip(const std::string& environment) {
  tasks::BranchEnd end;
  end.environment = environment;
  end.skipped = true;
  json::object output = to_json(end);
  output["reason"] = "{% '' & $states.input.reason %}";
  for (const auto* nothing : {"members", "lease", "phases"}) output.stable_erase(nothing);
  return {{"Type", "Pass"}, {"Output", std::move(output)}, {"End", true}};
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
  states[own.is_admitted] = is_admitted(own, *phases.front(), source.looks, first.task);
  states[own.wait_to_admit] = wait(own.admit);
  for (std::size_t i = 0; i < phases.size(); ++i) {
    const fleet::Phase& phase = *phases[i];
    const PhaseNames names(source.action, environment.name, phase.name);
    const bool last = i + 1 == phases.size();
    const Next next = last ? Next{own.finished, ""}
                           : Next{PhaseNames(source.action, environment.name, phases[i + 1]->name).task,
                                  phases[i + 1]->name};
    const bool settling = settles(source, phase, last);
    states[names.task] = reconcile_task(source, environment, phase, names.did);
    states[names.did] = is_ready(phase, names, own.halt, next, source.looks, settling);
    states[names.wait] = wait(names.task);
    if (settling) states[names.settle] = settle(phase.settle, next);
  }
  states[own.halt] = halt(environment.name);
  states[own.finished] = finish(environment.name);
  states[own.skipped] = skip(environment.name);
  return {{"StartAt", own.is_chosen}, {"States", std::move(states)}};
}

}  // namespace lamplighter::machine
