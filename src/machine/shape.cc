#include "machine/shape.h"

#include <algorithm>

#include <fmt/format.h>

#include "json/reader.h"
#include "machine/names.h"
#include "tasks/protocol/run.h"

namespace lamplighter::machine {
namespace {

tl::unexpected<Error> not_compiled(std::string_view what) {
  return fail(ErrorKind::bad_input, "NotCompiled",
              fmt::format("found a definition without {}, expected one that lamplighter compile made", what));
}

const json::value* payload_of(const json::value& state) {
  const json::value* arguments = find(state, "Arguments");
  return arguments != nullptr ? find(*arguments, "Payload") : nullptr;
}

const json::value* state_called(const json::value& machine, const std::string& name) {
  const json::value* states = find(machine, "States");
  return states != nullptr ? find(*states, name) : nullptr;
}

/// The state of a task among the machine's own.
Result<const json::value*> find_payload(const json::value& machine, const std::string& name) {
  const json::value* state = state_called(machine, name);
  const json::value* payload = state != nullptr ? payload_of(*state) : nullptr;
  if (payload == nullptr || !payload->is_object()) return not_compiled(fmt::format("a task \"{}\"", name));
  return payload;
}

/// What the machine's first state says of the fleet.
Result<Reader> read_described(const json::value& definition) {
  const json::value* fleet = state_called(definition, get_string(definition, "StartAt"));
  const json::value* assigned = fleet != nullptr ? find(*fleet, "Assign") : nullptr;
  if (assigned == nullptr) return not_compiled("a description of the fleet");
  return Reader::of(*assigned, "Assign", "NotCompiled");
}

Result<PhaseShape> read_phase(const json::value& branch, tasks::Action action, const std::string& environment,
                              const std::string& name) {
  const PhaseNames names(action, environment, name);
  if (state_called(branch, names.task) == nullptr) return not_compiled("a reconcile task a phase");
  PhaseShape phase{name, names.task, "", 0};
  if (const json::value* settle = state_called(branch, names.settle)) {
    phase.settle_state = names.settle;
    phase.settle_seconds = get_int(*settle, "Seconds");
  }
  return phase;
}

Result<EnvironmentShape> read_environment(const json::value& branch, tasks::Action action,
                                          tasks::DescribedEnvironment described) {
  EnvironmentShape environment{std::move(described), "", {}};
  environment.admit_state = BranchNames(action, environment.name()).admit;
  for (const auto& phase : environment.described.phases) {
    environment.phases.push_back(TRY(read_phase(branch, action, environment.name(), phase.name)));
  }
  return environment;
}

/// Of before runs agreed: each phase was told of alarms. An execution keeps the definition that it began
/// with.
Result<Shape> read_older(Shape shape, const json::value& branch) {
  const auto* const payload = TRY(find_payload(branch, shape.environments.front().phases.front().task_state));
  shape.coordination.kind = tasks::Coordination::Kind::none;
  shape.alarms = TRY(tasks::read_alarm_match(TRY(Reader::of(*payload, "Payload", "NotCompiled"))));
  return shape;
}

}  // namespace

Shape Shape::only(const std::vector<std::string>& names) const {
  Shape chosen = *this;
  std::erase_if(chosen.environments, [&](const EnvironmentShape& environment) {
    return !names.empty() && std::find(names.begin(), names.end(), environment.name()) == names.end();
  });
  return chosen;
}

Result<Shape> read_shape(const json::value& definition) {
  const Reader fleet = TRY(read_described(definition));
  auto described = tasks::read_environments(fleet);
  if (!described)
    return not_compiled(fmt::format("environments as they should be ({})", described.error().message));
  const auto* const survey = TRY(find_payload(definition, "Survey the fleet"));
  Shape shape;
  shape.action = TRY(tasks::read_action(TRY(Reader::of(*survey, "Payload", "NotCompiled"))));
  shape.fleet = get_string(*survey, "fleet");
  shape.topic = get_string(*survey, "topic");
  shape.topic_region = get_string(*survey, "topic_region");
  shape.more_topics = TRY(tasks::read_more_topics(TRY(Reader::of(*survey, "Payload", "NotCompiled"))));
  shape.timezone = get_string(*TRY(find_payload(definition, "Report")), "timezone");
  const json::value* all = state_called(definition, MachineNames(shape.action).all);
  const json::value* branches = all != nullptr ? find(*all, "Branches") : nullptr;
  if (branches == nullptr || !branches->is_array() || branches->as_array().size() != described->size() ||
      described->empty()) {
    return not_compiled("a branch an environment");
  }
  for (std::size_t i = 0; i < described->size(); ++i) {
    const json::value& branch = branches->as_array()[i];
    shape.environments.push_back(TRY(read_environment(branch, shape.action, std::move((*described)[i]))));
  }
  if (fleet.find(tasks::kRun) == nullptr) return read_older(std::move(shape), branches->as_array().front());
  const Reader run = TRY(fleet.object(tasks::kRun));
  shape.coordination = TRY(tasks::read_coordination(run));
  shape.alarms = TRY(tasks::read_alarm_match(run));
  return shape;
}

}  // namespace lamplighter::machine
