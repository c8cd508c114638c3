#include "machine/branch.h"

#include <fmt/format.h>

#include "machine/names.h"
#include "tasks/protocol/branch_end.h"

namespace lamplighter::machine {
namespace {

std::int64_t seconds(Duration duration) { return std::chrono::floor<std::chrono::seconds>(duration).count(); }

/// A JSONata literal. JSONata reads JSON's strings, arrays and objects as they are.
std::string literal(const json::value& value) { return json_text(value); }

/// Ready, failed, or another look. A phase that is ready joins `phases`, and the next one begins without
/// memory.
json::object choice(const PhaseNames& names, const std::string& next) {
  return {{"Type", "Choice"},
          {"Choices",
           json::array{
               json::object{
                   {"Comment", "ready"},
                   {"Condition", "{% $states.input.status = 'ready' %}"},
                   {"Output", json::object{{"memory", nullptr},
                                           {"phases", "{% [$states.input.phases, $states.input.phase] %}"}}},
                   {"Next", next}},
               json::object{{"Comment", "failed"},
                            {"Condition", "{% $states.input.status = 'failed' %}"},
                            {"Output", json::object{{"input", "{% $states.input %}"}}},
                            {"Next", names.halt}}}},
          {"Default", names.wait}};
}

json::object wait(const std::string& next) {
  return {{"Type", "Wait"}, {"Seconds", "{% $states.input.wait_seconds %}"}, {"Next", next}};
}

json::object settle(Duration duration, const std::string& next) {
  return {{"Type", "Wait"}, {"Seconds", seconds(duration)}, {"Next", next}};
}

/// The environment's end after a failure. Its input is {input: what the phase's last state had, error: the
/// error output, where there was one}. No error in a Pass state can be caught, so nothing in the expression
/// can fail, whatever a handler answered.
json::object halt(const std::string& environment, const std::string& phase,
                  const std::vector<std::string>& not_touched) {
  tasks::PhaseAnswer never_looked_at;
  never_looked_at.name = phase;
  json::object unknown = to_json(never_looked_at);
  for (const auto* said_below : {"status", "reason"}) unknown.stable_erase(said_below);
  for (const auto* not_known : {"started_at", "ended_at"}) unknown.stable_erase(not_known);
  json::array untouched;
  for (const std::string& name : not_touched) untouched.emplace_back(name);
  const std::string output = fmt::format(
      "{{% ($input := $states.input.input; $error := $states.input.error; "
      "$reason := $exists($error) ? {} : '' & $input.phase.reason; "
      "{{'environment': {}, 'status': 'halted', 'phase': {}, 'reason': $reason, 'not_touched': {}, "
      "'phases': [$input.phases, $merge([{}, $input.phase, {{'status': 'failed', 'reason': $reason}}])]}}) "
      "%}}",
      error_words("$error"), literal(json::value(environment)), literal(json::value(phase)),
      literal(untouched), literal(unknown));
  return {{"Type", "Pass"}, {"Output", output}, {"End", true}};
}

json::object finish(const std::string& environment) {
  tasks::BranchEnd end;
  end.environment = environment;
  json::object output = to_json(end);
  output["phases"] = "{% [$states.input.phases] %}";
  return {{"Type", "Pass"}, {"Output", std::move(output)}, {"End", true}};
}

/// Settling is for what comes next: there is none after the last phase, and none on the way down.
bool settles(const Source& source, const fleet::Phase& phase, bool last) {
  return source.action == tasks::Action::start && !last && phase.settle > Duration::zero();
}

std::vector<std::string> names_after(const std::vector<const fleet::Phase*>& phases, std::size_t index) {
  std::vector<std::string> names;
  for (std::size_t i = index + 1; i < phases.size(); ++i) names.push_back(phases[i]->name);
  return names;
}

}  // namespace

std::string error_words(const std::string& error) {
  // The cause of a function's error is a JSON text; what it says is in its errorMessage. A backslash is
  // written \x5c: JSONata's own scanner of regular expressions stumbles over one before a bracket.
  return fmt::format(
      R"x(($cause := $substring('' & {0}.Cause, 0, 2000); )x"
      R"x($message := $match($cause, /"errorMessage" *: *"([^\x5c"]*(?:\x5c.[^\x5c"]*)*)"/, 1).groups[0]; )x"
      R"x($words := $exists($message) ? $replace($message, /\x5c(.)/, '$1') : $cause; )x"
      R"x({0}.Error & ($words = '' ? '' : ': ' & $words)))x",
      error);
}

json::object branch(const Source& source, const fleet::Environment& environment) {
  const std::vector<const fleet::Phase*> phases = source.phases(environment);
  const std::string finished = finished_name(source.action, environment.name);
  json::object states;
  for (std::size_t i = 0; i < phases.size(); ++i) {
    const fleet::Phase& phase = *phases[i];
    const PhaseNames names(source.action, environment.name, phase.name);
    const bool last = i + 1 == phases.size();
    const std::string next =
        last ? finished : PhaseNames(source.action, environment.name, phases[i + 1]->name).task;
    const bool settling = settles(source, phase, last);
    states[names.task] = reconcile_task(source, environment, phase, names.did, names.halt);
    states[names.did] = choice(names, settling ? names.settle : next);
    states[names.wait] = wait(names.task);
    if (settling) states[names.settle] = settle(phase.settle, next);
    states[names.halt] = halt(environment.name, phase.name, names_after(phases, i));
  }
  states[finished] = finish(environment.name);
  const PhaseNames first(source.action, environment.name, phases.front()->name);
  return {{"StartAt", first.task}, {"States", std::move(states)}};
}

}  // namespace lamplighter::machine
