#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "asl/parse_state.h"
#include "json/json.h"

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

/// The service calls every transition's target 'Next', StartAt's, too.
void check_target(const States& states, const std::string& target, std::string location,
                  Diagnostics& diagnostics) {
  if (target.empty() || states.find(target)) return;
  diagnostics.push_back({Diagnostic::Severity::error, "MISSING_TRANSITION_TARGET",
                         fmt::format("Missing 'Next' target: {}", target), std::move(location)});
}

void check_targets(const States& states, const std::string& location, Diagnostics& diagnostics) {
  check_target(states, states.start_at, location + "/StartAt", diagnostics);
  for (const auto& [name, state] : states.states) {
    for (const auto& [field, target] : transitions(state))
      check_target(states, target, fmt::format("{}/States/{}/{}", location, name, field), diagnostics);
  }
}

bool has_end(const States& states) {
  return std::any_of(states.states.begin(), states.states.end(), [](const auto& entry) {
    const State& state = entry.second;
    return state.type != StateType::choice && state.next.empty();
  });
}

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
    diagnostics.push_back({.code = "MISSING_TRANSITION_TARGET",
                           .message = fmt::format("State \"{}\" is not reachable.", name),
                           .location = fmt::format("{}/States/{}", location, name),
                           .rule = true});
  }
}

void parse_members(const json::object& members, States& out, Fields& fields, ParseContext& context) {
  for (const auto& member : members) {
    const std::string name(member.key());
    const std::string field = "States/" + name;
    if (name.empty() || name.size() > 80) fields.rule("A state's name must have 1 to 80 characters", field);
    if (!context.names.insert(name).second) {
      fields.rule("DUPLICATE_STATE_NAME", fmt::format("Duplicate State name: {}", name), field);
    }
    if (const auto* state = member.value().if_object()) {
      out.states.emplace(name, parse_state(*state, name, fields.at(field), context));
    } else {
      fields.invalid("Expected an object", field);
    }
  }
}

void add_assigned(const json::value& holder, Names& names) {
  const auto* assigned = find(holder, "Assign");
  const auto* variables = assigned ? assigned->if_object() : nullptr;
  if (!variables) return;
  for (const auto& variable : *variables) names.emplace(variable.key());
}

/// The variables of a level: what its states assign, wherever they do it.
Names assigned_variables(const json::object& members) {
  Names names;
  for (const auto& member : members) {
    add_assigned(member.value(), names);
    for (const auto* key : {"Catch", "Choices"}) {
      const auto* list = find(member.value(), key);
      const auto* entries = list ? list->if_array() : nullptr;
      if (!entries) continue;
      for (const auto& entry : *entries) add_assigned(entry, names);
    }
  }
  return names;
}

/// Only a whole machine must have an end; to the service a machine without one has no unreachable states.
void check_graph(const States& states, const std::string& location, Diagnostics& diagnostics) {
  check_targets(states, location, diagnostics);
  if (location.empty() && !has_end(states)) {
    diagnostics.push_back(
        {.code = "MISSING_END_STATE", .message = "Workflow has no terminal state", .rule = true});
  } else {
    check_reachable(states, location, diagnostics);
  }
}

}  // namespace

States parse_states(const json::object& object, const std::string& location, ParseContext& context) {
  States out;
  Fields fields(object, location, context.diagnostics);
  fields.require({"States", "StartAt"});
  out.start_at = fields.text("StartAt").value_or("");
  const auto* members = fields.object("States");
  if (!members) return out;
  if (members->empty()) fields.invalid("Expected at least one state", "States");
  context.variables.push_back(assigned_variables(*members));
  parse_members(*members, out, fields, context);
  context.variables.pop_back();
  for (auto& [name, state] : out.states)
    state.next_state = out.find(state.next);  // a map's nodes stay where they are
  if (!out.start_at.empty() && !out.states.empty()) check_graph(out, location, context.diagnostics);
  return out;
}

}  // namespace lamplighter::asl
