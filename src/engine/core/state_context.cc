#include "engine/core/state_context.h"

#include <utility>

#include "engine/core/execution_limits.h"
#include "engine/core/states/kind.h"
#include "engine/core/states/map.h"

namespace lamplighter::engine {
void StateContext::append(StrandId id, EventType type, json::object details, Beside beside) {
  const auto kind = kind_of(type);
  const bool needed = kind == EventKind::execution_started || kind == EventKind::execution_ended;
  if (state_.last_id() + 1 >= kMaxEvents && !needed) throw HistoryFull{};
  Event event;
  event.id = state_.last_id() + 1;
  event.previous_id = beside.previous ? *beside.previous : state_.has_strands() ? strand(id).previous : 0;
  event.time = now_.wall;
  event.type = type;
  event.details = std::move(details);
  event.strand = id;
  event.note = std::move(beside.note);
  if (std::chrono::abs(now_.skew()) >= kClockStep) {  // the wall clock was set
    event.note["steady"] = now_.steady.time_since_epoch().count();
  }
  if (beside.payload) {
    event.payload = beside.payload->shared_text;
    if (std::exchange(last_text_, event.payload) != event.payload) step_.bytes += event.payload->size();
  }
  step_.events.push_back(std::move(event));
  state_.apply(step_.events.back(), {std::move(beside.payload), beside.state});
}

void StateContext::note(StrandId id, EventType type, json::object note) {
  Event event;
  event.time = now_.wall;
  event.type = type;
  event.strand = id;
  event.note = std::move(note);
  step_.events.push_back(std::move(event));
  state_.apply(step_.events.back(), {});
}

void StateContext::enter(StrandId id, const asl::State& state, const Payload& input,
                         std::optional<std::int64_t> previous) {
  append(id, event_of(EventKind::state_entered, state.type).value(), {{"name", state.name}},
         {.payload = input, .state = &state, .previous = previous});
}

/// Without Output, its result goes on, or its input where there is no result.
void StateContext::complete(const Strand& strand, const Payload& result) {
  const auto& state = *strand.state;
  leave(strand, {state.output, state.assign, state.next_state, result ? result : strand.input,
                 result ? &result->value : nullptr});
}

void StateContext::leave(const Strand& strand, const Exit& exit) {
  if (!exit.output && exit.assign.empty() && exit.otherwise->text.size() <= kMaxPayloadBytes)
    return close(strand, Payload(exit.otherwise), {}, exit.next);
  const auto give_up = [&](const EvaluationFailure& why) {
    if (!exit.error) return fail(strand, why);
    propagate(strand.id, tell(strand, why));  // what Catch does is not caught
  };
  auto evaluate = evaluator(strand, exit.result, exit.error);
  json::object assigned;
  std::size_t bytes = 0;
  for (const auto& [name, value] : exit.assign) {
    const auto evaluated = evaluate.evaluate(value);
    if (!evaluated) return give_up(evaluated.error());
    auto text = json_text(*evaluated);
    bytes += text.size();
    assigned[name] = text;
  }
  Payload out = exit.otherwise;
  if (exit.output) {
    auto evaluated = evaluate.evaluate(*exit.output);
    if (!evaluated) return give_up(evaluated.error());
    out = make_payload(*std::move(evaluated));
  }
  if (out->text.size() > kMaxPayloadBytes || bytes > kMaxPayloadBytes || !fit(strand, assigned))
    return fail(strand, size_failure(strand));
  close(strand, out, std::move(assigned), exit.next);
}

/// Whether an execution's variables stay within their limit with `assigned`, which holds their texts.
bool StateContext::fit(const Strand& strand, const json::object& assigned) const {
  std::size_t bytes = state_.variable_bytes();
  for (const auto& variable : assigned) {
    bytes += variable.value().get_string().size();
    const auto before = strand.variables.find(std::string_view(variable.key()));
    if (before != strand.variables.end()) bytes -= before->second->text.size();
  }
  return bytes <= kMaxVariableBytes;
}

/// The state's exit, and what follows it: the next state, or the end of the execution, branch or iteration.
void StateContext::close(const Strand& strand, const Payload& output, json::object assigned,
                         const asl::State* next) {
  const StrandId id = strand.id;
  const StrandId parent = strand.parent;
  const StateKind* around = next || id == 0 ? nullptr : &kind_of(this->strand(parent));
  json::object details{{"name", strand.state->name}};
  if (!assigned.empty()) details["assignedVariables"] = std::move(assigned);
  json::object note;
  if (around && around->ends_child_at_exit()) note["end"] = true;
  append(id, event_of(EventKind::state_exited, strand.state->type).value(), std::move(details),
         {.note = std::move(note), .payload = output});
  if (next) return enter(id, *next, output);
  if (around) return around->child_left(*this, parent, id);
  append(0, EventType::execution_succeeded, {}, {.payload = output});
}

Surroundings StateContext::surroundings(const Strand& strand, const json::value* result,
                                        const json::value* error) const {
  Surroundings out;
  out.input = &strand.input->value;
  out.result = result;
  out.error_output = error;
  out.context = [this, &strand] { return context_object(strand); };
  for (const Strand* scope = &strand;; scope = &this->strand(scope->parent)) {
    out.variables.insert(out.variables.begin(), &scope->variables);
    if (scope->id == 0) break;
  }
  out.now = now_.wall;
  out.seed = identity_.seed + static_cast<std::uint64_t>(strand.entered_id) * 1'000'003 +
             static_cast<std::uint64_t>(strand.previous) * 7'919;
  return out;
}

Evaluator StateContext::evaluator(const Strand& strand, const json::value* result,
                                  const json::value* error) const {
  return Evaluator(surroundings(strand, result, error));
}

json::value StateContext::context_object(const Strand& strand) const {
  json::object execution{{"Id", identity_.arn},
                         {"Input", state_.input()->value},
                         {"StartTime", format_time(state_.started())},
                         {"Name", identity_.name},
                         {"RoleArn", identity_.role_arn},
                         {"RedriveCount", 0}};
  json::object state{{"Name", strand.state->name},
                     {"EnteredTime", format_time(strand.entered)},
                     {"RetryCount", strand.retry_count}};
  json::object out{
      {"Execution", std::move(execution)},
      {"StateMachine", {{"Id", identity_.state_machine_arn}, {"Name", identity_.state_machine_name}}},
      {"State", std::move(state)}};
  for (const Strand* scope = &strand; scope->id != 0; scope = &this->strand(scope->parent)) {
    const Strand& parent = this->strand(scope->parent);
    if (parent.state->type != asl::StateType::map) continue;
    out["Map"] = map_item(scope->slot, parent.group->items.at(scope->slot));
    break;
  }
  return out;
}

}  // namespace lamplighter::engine
