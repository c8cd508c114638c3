#include <set>

#include <fmt/format.h>

#include "asl/parse_state.h"

namespace lamplighter::asl {
namespace {

/// Each transition of a state: the field that names it, and its target.
std::vector<std::pair<std::string, std::string>> transitions(const State& state) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto add = [&](std::string field, const std::string& target) {
    if (!target.empty()) out.emplace_back(std::move(field), target);
  };
  add("Next", state.next);
  add("Default", state.default_next);
  for (std::size_t i = 0; i < state.choices.size(); ++i)
    add(fmt::format("Choices[{}]/Next", i), state.choices[i].next);
  for (std::size_t i = 0; i < state.catchers.size(); ++i)
    add(fmt::format("Catch[{}]/Next", i), state.catchers[i].next);
  return out;
}

void check_targets(const States& states, const std::string& location, Diagnostics& diagnostics) {
  for (const auto& [name, state] : states.states) {
    for (const auto& [field, target] : transitions(state)) {
      if (states.find(target)) continue;
      diagnostics.push_back({Diagnostic::Severity::error, "MISSING_TRANSITION_TARGET",
                             fmt::format("Missing '{}' target: {}", field, target),
                             fmt::format("{}/States/{}/{}", location, name, field)});
    }
  }
}

/// States that no transition leads to are most likely misspelt somewhere.
void check_reachable(const States& states, const std::string& location, Diagnostics& diagnostics) {
  std::set<std::string, std::less<>> seen{states.start_at};
  std::vector<std::string> open{states.start_at};
  while (!open.empty()) {
    const auto* state = states.find(open.back());
    open.pop_back();
    if (!state) continue;
    for (const auto& [field, target] : transitions(*state)) {
      if (seen.insert(target).second) open.push_back(target);
    }
  }
  for (const auto& [name, state] : states.states) {
    if (seen.contains(name)) continue;
    diagnostics.push_back({Diagnostic::Severity::warning, "MISSING_TRANSITION_TARGET",
                           fmt::format("State \"{}\" is not reachable.", name),
                           fmt::format("{}/States/{}", location, name)});
  }
}

void parse_members(const json::object& members, States& out, Fields& fields, ParseContext& context) {
  for (const auto& member : members) {
    const std::string name(member.key());
    const std::string field = "States/" + name;
    if (name.empty() || name.size() > 80)
      fields.invalid("A state's name must have 1 to 80 characters", field);
    if (!context.names.insert(name).second) {
      fields.error("DUPLICATE_STATE_NAME", fmt::format("Duplicate State name: {}", name), field);
    }
    if (const auto* state = member.value().if_object()) {
      out.states.emplace(name, parse_state(*state, name, fields.at(field), context));
    } else {
      fields.invalid("Expected an object", field);
    }
  }
}

}  // namespace

States parse_states(const json::object& object, const std::string& location, ParseContext& context) {
  States out;
  Fields fields(object, location, context.diagnostics);
  out.start_at = fields.text("StartAt", true).value_or("");
  const auto* members = fields.object("States", true);
  if (!members) return out;
  if (members->empty()) fields.invalid("Expected at least one state", "States");
  parse_members(*members, out, fields, context);
  if (!out.start_at.empty() && !members->contains(out.start_at)) {
    fields.error("MISSING_TRANSITION_TARGET", fmt::format("Missing 'StartAt' target: {}", out.start_at),
                 "StartAt");
  }
  for (auto& [name, state] : out.states)
    state.next_state = out.find(state.next);  // a map's nodes stay where they are
  check_targets(out, location, context.diagnostics);
  check_reachable(out, location, context.diagnostics);
  return out;
}

}  // namespace lamplighter::asl
