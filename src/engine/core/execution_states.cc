// What each of the eight states does: from its entry to its exit, or to where it has to wait.
#include <fmt/format.h>

#include "engine/core/execution.h"
#include "engine/core/execution_limits.h"

namespace lamplighter::engine {
namespace {

std::string entered(asl::StateType type) {
  if (type == asl::StateType::pass) return "PassStateEntered";
  return std::string(asl::to_string(type)) + "StateEntered";
}

std::string exited(asl::StateType type) {
  if (type == asl::StateType::pass) return "PassStateExited";
  return std::string(asl::to_string(type)) + "StateExited";
}

json::object state_details(const asl::State& state, std::string_view key, const Payload& payload) {
  json::object out;
  out.reserve(2);
  out.emplace(key, payload->text);
  out.emplace("name", state.name);
  return out;
}

}  // namespace

void ExecutionCore::enter(StrandId id, const asl::State& state, const Payload& input,
                          std::optional<std::int64_t> previous) {
  emit(id, entered(state.type), state_details(state, "input", input), {}, {input, &state}, previous);
}

void ExecutionCore::run_state(StrandId id) {
  Strand& subject = strand(id);
  switch (subject.state->type) {
    case asl::StateType::pass:
      return run_pass(subject);
    case asl::StateType::succeed:
      return complete(subject, nullptr);
    case asl::StateType::choice:
      return run_choice(subject);
    case asl::StateType::wait:
      return run_wait(subject);
    case asl::StateType::fail:
      return run_fail(subject);
    case asl::StateType::task:
      return run_task(subject);
    case asl::StateType::parallel:
      return run_parallel(subject);
    case asl::StateType::map:
      return run_map(subject);
  }
}

void ExecutionCore::run_pass(Strand& strand) {
  const auto& state = *strand.state;
  if (!state.result) return complete(strand, nullptr);
  leave(strand, state.output, state.assign, state.next_state, make_payload(*state.result), nullptr, nullptr);
}

void ExecutionCore::run_choice(Strand& strand) {
  const auto& state = *strand.state;
  auto evaluate = evaluator(strand);
  for (const auto& rule : state.choices) {
    const auto chosen = evaluate.truth(rule.condition, "Condition");
    if (!chosen) return fail_evaluation(strand, chosen.error());
    if (*chosen)
      return leave(strand, rule.output, rule.assign, strand.states->find(rule.next), strand.input, nullptr,
                   nullptr);
  }
  if (!state.default_next.empty()) {
    return leave(strand, state.output, state.assign, strand.states->find(state.default_next), strand.input,
                 nullptr, nullptr);
  }
  fail_state(strand,
             {"States.NoChoiceMatched",
              fmt::format(
                  "An error occurred while executing the state '{}' (entered at the event id #{}). Failed to "
                  "transition out of the state. The state does not point to a next state.",
                  state.name, strand.entered_id)});
}

void ExecutionCore::run_wait(Strand& strand) {
  const auto due = wait_end(strand);
  if (!due) return fail_evaluation(strand, due.error());
  if (due->time <= (due->moment ? now_.wall : now_.steady)) return complete(strand, nullptr);
  json::object scheduled{{"due", due->time.time_since_epoch().count()}};
  if (due->moment) scheduled["moment"] = true;
  note(strand.id, "WaitScheduled", std::move(scheduled));
}

Evaluated<Due> ExecutionCore::wait_end(const Strand& strand) const {
  const auto& state = *strand.state;
  auto evaluate = evaluator(strand);
  if (state.seconds) {
    return Due{strand.entered_steady +
               std::chrono::seconds{TRY(evaluate.number(*state.seconds, "Seconds", 0, kMaxSeconds))}};
  }
  const auto text = TRY(evaluate.text(*state.timestamp, "Timestamp"));
  if (const auto time = parse_time(text)) return Due{*time, true};
  return tl::unexpected(EvaluationFailure{
      "Timestamp",
      fmt::format("The JSONata expression '{}' specified for the field 'Timestamp' returned a value "
                  "that is not valid. String does not match RFC3339 timestamp: {}",
                  state.timestamp->expression.front().text, text)});
}

void ExecutionCore::run_fail(Strand& strand) {
  const auto& state = *strand.state;
  auto evaluate = evaluator(strand);
  Failure failure;
  if (state.error) {
    auto error = evaluate.text(*state.error, "Error");
    if (!error) return fail_evaluation(strand, error.error());
    failure.error = *std::move(error);
  }
  if (state.cause) {
    auto cause = evaluate.text(*state.cause, "Cause");
    if (!cause) return fail_evaluation(strand, cause.error());
    failure.cause = *std::move(cause);
  }
  fail_state(strand, failure);
}

/// Leaves by the state's own Output and Assign. Without Output, its result goes on, or its input where there
/// is no result.
void ExecutionCore::complete(Strand& strand, const Payload& result) {
  const auto& state = *strand.state;
  leave(strand, state.output, state.assign, state.next_state, result ? result : strand.input,
        result ? &result->value : nullptr, nullptr);
}

void ExecutionCore::leave(Strand& strand, const std::optional<asl::Template>& output,
                          const asl::Assignments& assign, const asl::State* next, const Payload& otherwise,
                          const json::value* result, const json::value* error) {
  if (!output && assign.empty() && otherwise->text.size() <= kMaxPayloadBytes)
    return exit(strand, Payload(otherwise), {}, next);
  auto evaluate = evaluator(strand, result, error);
  json::object assigned;
  std::size_t bytes = 0;
  for (const auto& [name, value] : assign) {
    const auto evaluated = evaluate.evaluate(value);
    if (!evaluated) return fail_evaluation(strand, evaluated.error(), error == nullptr);
    auto text = json_text(*evaluated);
    bytes += text.size();
    assigned[name] = text;
  }
  Payload out = otherwise;
  if (output) {
    auto evaluated = evaluate.evaluate(*output);
    if (!evaluated) return fail_evaluation(strand, evaluated.error(), error == nullptr);
    out = make_payload(*std::move(evaluated));
  }
  if (out->text.size() > kMaxPayloadBytes || bytes > kMaxPayloadBytes || !fit(strand, assigned))
    return fail_size(strand);
  exit(strand, out, std::move(assigned), next);
}

/// Whether an execution's variables stay within their limit with `assigned`, which holds their texts.
bool ExecutionCore::fit(const Strand& strand, const json::object& assigned) const {
  std::size_t bytes = variable_bytes_;
  for (const auto& variable : assigned) {
    bytes += variable.value().get_string().size();
    const auto before = strand.variables.find(std::string_view(variable.key()));
    if (before != strand.variables.end()) bytes -= before->second->text.size();
  }
  return bytes <= kMaxVariableBytes;
}

void ExecutionCore::exit(const Strand& strand, const Payload& output, json::object assigned,
                         const asl::State* next) {
  const StrandId id = strand.id;
  const StrandId parent = strand.parent;
  const bool branch_ends = !next && id != 0 && this->strand(parent).state->type == asl::StateType::parallel;
  auto details = state_details(*strand.state, "output", output);
  if (!assigned.empty()) {
    details["assignedVariables"] = std::move(assigned);
  }
  json::object note;
  if (branch_ends) note["end"] = true;
  emit(id, exited(strand.state->type), std::move(details), std::move(note), {output});
  if (next) return enter(id, *next, output);
  if (!branch_ends) return finish(id);
  if (this->strand(parent).group->running == 0) complete_group(parent);
}

/// The end of the top level, or of a Map's iteration.
void ExecutionCore::finish(StrandId id) {
  const Strand& ended = strand(id);
  if (id == 0) {
    return emit(0, "ExecutionSucceeded", {{"output", ended.input->text}});
  }
  const StrandId map = ended.parent;
  const std::int64_t freed = ended.previous;
  emit(id, "MapIterationSucceeded", {{"name", strand(map).state->name}, {"index", ended.slot}});
  if (strand(map).group->result_bytes > kMaxPayloadBytes) return fail_size(strand(map));
  start_iterations(map, freed);
}

Surroundings ExecutionCore::surroundings(const Strand& strand, const json::value* result,
                                         const json::value* error) const {
  Surroundings out;
  out.input = &strand.input->value;
  out.result = result;
  out.error_output = error;
  out.context = [this, &strand] { return context(strand); };
  for (const Strand* scope = &strand;; scope = &strands_.at(scope->parent)) {
    out.variables.insert(out.variables.begin(), &scope->variables);
    if (scope->id == 0) break;
  }
  out.now = now_.wall;
  out.seed = identity_.seed + static_cast<std::uint64_t>(strand.entered_id) * 1'000'003 +
             static_cast<std::uint64_t>(strand.previous) * 7'919;
  return out;
}

Evaluator ExecutionCore::evaluator(const Strand& strand, const json::value* result,
                                   const json::value* error) const {
  return Evaluator(surroundings(strand, result, error));
}

/// $states.context.Map of an iteration. Items come from the state's own data, and only an object's members
/// would have keys.
json::object ExecutionCore::map_item(std::size_t index, const json::value& value) {
  return {{"Item", {{"Index", index}, {"Key", nullptr}, {"Value", value}, {"Source", "STATE_DATA"}}}};
}

/// $states.context
json::value ExecutionCore::context(const Strand& strand) const {
  json::object execution{
      {"Id", identity_.arn},    {"Input", input_->value},        {"StartTime", format_time(started_)},
      {"Name", identity_.name}, {"RoleArn", identity_.role_arn}, {"RedriveCount", 0}};
  json::object state{{"Name", strand.state->name},
                     {"EnteredTime", format_time(strand.entered)},
                     {"RetryCount", strand.retry_count}};
  json::object out{
      {"Execution", std::move(execution)},
      {"StateMachine", {{"Id", identity_.state_machine_arn}, {"Name", identity_.state_machine_name}}},
      {"State", std::move(state)}};
  for (const Strand* scope = &strand; scope->id != 0; scope = &strands_.at(scope->parent)) {
    const Strand& parent = strands_.at(scope->parent);
    if (parent.state->type != asl::StateType::map) continue;
    out["Map"] = map_item(scope->slot, parent.group->items.at(scope->slot));
    break;
  }
  return out;
}

}  // namespace lamplighter::engine
