#include "machine/shape.h"

#include <fmt/format.h>

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

/// The state behind a Choice's rule that is called `comment`.
std::string next_when(const json::value& choice, std::string_view comment) {
  const json::value* rules = find(choice, "Choices");
  if (rules == nullptr || !rules->is_array()) return "";
  for (const json::value& rule : rules->as_array()) {
    if (get_string(rule, "Comment") == comment) return get_string(rule, "Next");
  }
  return "";
}

/// Its members that are expressions become what they are at a first look.
Result<tasks::ReconcilePayload> read_payload(const json::value& payload) {
  auto task = tasks::read_reconcile_payload(payload);
  if (!task) return not_compiled(fmt::format("payloads as they should be ({})", task.error().message));
  task->memory = nullptr;
  task->execution.clear();
  return task;
}

Result<PhaseShape> read_phase(const json::value& branch, const std::string& name, std::string& next) {
  const json::value* task = state_called(branch, name);
  const json::value* payload = task != nullptr ? payload_of(*task) : nullptr;
  if (payload == nullptr || !payload->is_object()) return not_compiled("reconcile tasks");
  PhaseShape phase;
  phase.payload = TRY(read_payload(*payload));
  phase.name = phase.payload.phase;
  phase.task_state = name;
  const json::value* choice = state_called(branch, get_string(*task, "Next"));
  if (choice == nullptr) return not_compiled("a Choice behind each reconcile task");
  next = next_when(*choice, "ready");
  const json::value* behind = state_called(branch, next);
  if (behind != nullptr && get_string(*behind, "Type") == "Wait") {
    phase.settle_state = next;
    phase.settle_seconds = get_int(*behind, "Seconds");
    next = get_string(*behind, "Next");
  }
  return phase;
}

Result<EnvironmentShape> read_environment(const json::value& branch) {
  constexpr std::size_t kMaxPhases = 10'000;  // a cycle is no compiled machine
  EnvironmentShape environment;
  std::string next = get_string(branch, "StartAt");
  for (const json::value* state = state_called(branch, next);
       state != nullptr && get_string(*state, "Type") == "Task"; state = state_called(branch, next)) {
    if (environment.phases.size() > kMaxPhases) return not_compiled("an end");
    environment.phases.push_back(TRY(read_phase(branch, next, next)));
  }
  if (environment.phases.empty()) return not_compiled("phases");
  environment.name = environment.phases.front().payload.environment;
  environment.region = environment.phases.front().payload.region;
  return environment;
}

}  // namespace

Result<Shape> read_shape(const json::value& definition) {
  const json::value* all = state_called(definition, get_string(definition, "StartAt"));
  const json::value* branches = all != nullptr ? find(*all, "Branches") : nullptr;
  if (branches == nullptr || !branches->is_array() || branches->as_array().empty())
    return not_compiled("branches");
  Shape shape;
  for (const json::value& branch : branches->as_array()) {
    shape.environments.push_back(TRY(read_environment(branch)));
  }
  const tasks::ReconcilePayload& first = shape.environments.front().phases.front().payload;
  shape.action = first.action;
  shape.fleet = first.fleet;
  if (const json::value* report = state_called(definition, "Report success")) {
    if (const json::value* payload = payload_of(*report)) shape.topic = get_string(*payload, "topic");
  }
  return shape;
}

}  // namespace lamplighter::machine
