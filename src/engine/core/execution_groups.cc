// Parallel and Map states: their branches and iterations, and what becomes of those when one fails.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/execution.h"
#include "engine/core/execution_limits.h"

namespace lamplighter::engine {
namespace {

const asl::State& start_of(const asl::States& states) { return *states.find(states.start_at); }

tl::unexpected<EvaluationFailure> no_array(const json::value& items) {
  return tl::unexpected(EvaluationFailure{
      "Items", fmt::format("Map state input must be an array but was: {}", type_name(items))});
}

}  // namespace

void ExecutionCore::run_parallel(Strand& strand) {
  const StrandId id = strand.id;
  Payload input = strand.input;
  if (strand.state->arguments) {
    auto arguments = evaluator(strand).evaluate(*strand.state->arguments);
    if (!arguments) return fail_evaluation(strand, arguments.error());
    input = make_payload(*std::move(arguments));
    if (input->text.size() > kMaxPayloadBytes) return fail_size(strand);
  }
  emit(id, "ParallelStateStarted", {});
  for (const StrandId child : children_of(id)) enter(child, start_of(*this->strand(child).states), input);
}

void ExecutionCore::run_map(Strand& strand) {
  const StrandId id = strand.id;
  auto plan = plan_map(strand);
  if (!plan) return fail_evaluation(strand, plan.error());
  const auto* items = plan->if_contains("items");
  const auto length = (items ? *items : strand.input->value).as_array().size();
  emit(id, "MapStateStarted", {{"length", length}}, *std::move(plan));
  start_iterations(id, std::nullopt);
}

/// What MapStateStarted notes for a rebuild; without items, those of the input.
Evaluated<json::object> ExecutionCore::plan_map(const Strand& strand) const {
  const auto& state = *strand.state;
  auto evaluate = evaluator(strand);
  json::object plan;
  if (state.items && state.items->kind == asl::Template::Kind::expression) {
    plan["items"] = TRY(evaluate.array(*state.items, "Items"));
  } else if (state.items) {
    auto items = TRY(evaluate.evaluate(*state.items));
    if (!items.is_array()) return no_array(items);
    plan["items"] = std::move(items);
  } else if (!strand.input->value.is_array()) {
    return no_array(strand.input->value);
  }
  std::int64_t concurrency = 0;
  if (state.max_concurrency) {
    concurrency = TRY(evaluate.number(*state.max_concurrency, "MaxConcurrency", 0, kAnyCount));
  }
  plan["concurrency"] = concurrency == 0
                            ? kMaxIterationsAtOnce
                            : std::min(static_cast<std::size_t>(concurrency), kMaxIterationsAtOnce);
  if (state.tolerated_failure_count) {
    plan["count"] =
        TRY(evaluate.number(*state.tolerated_failure_count, "ToleratedFailureCount", 0, kAnyCount));
  }
  if (state.tolerated_failure_percentage) {
    plan["percentage"] =
        TRY(evaluate.fraction(*state.tolerated_failure_percentage, "ToleratedFailurePercentage", 0, 100));
  }
  return plan;
}

/// Starts as many iterations as may run. `freed` is the event that made room, where one did.
void ExecutionCore::start_iterations(StrandId map, std::optional<std::int64_t> freed) {
  while (true) {
    Strand& parent = strand(map);
    const Group& group = *parent.group;
    if (group.running >= group.max_concurrency || group.next >= group.items.size()) break;
    const std::size_t index = group.next;
    auto input = iteration_input(parent, index);
    if (!input) return fail_evaluation(parent, input.error());
    if ((*input)->text.size() > kMaxPayloadBytes) return fail_size(parent);
    const StrandId child = next_strand_;
    emit(child, "MapIterationStarted", {{"name", parent.state->name}, {"index", index}}, {{"parent", map}},
         {}, freed ? *freed : parent.previous);
    enter(child, start_of(*strand(child).states), *input);
  }
  if (strand(map).group->running == 0) complete_group(map);
}

Evaluated<Payload> ExecutionCore::iteration_input(const Strand& map, std::size_t index) const {
  const auto& item = map.group->items[index];
  const auto& texts = map.group->item_texts;
  if (!map.state->item_selector) {
    return texts.empty() ? make_payload(item)
                         : std::make_shared<const PayloadData>(PayloadData{std::string(texts[index]), item});
  }
  const auto context_with_item = [&, this] {
    auto out = context(map);
    out.as_object()["Map"] = map_item(index, item);
    return out;
  };
  auto surroundings = this->surroundings(map, nullptr, nullptr);
  surroundings.context = context_with_item;
  surroundings.seed += index;
  return make_payload(TRY(Evaluator(std::move(surroundings)).evaluate(*map.state->item_selector)));
}

void ExecutionCore::complete_group(StrandId id) {
  Strand& parent = strand(id);
  if (parent.group->result_bytes > kMaxPayloadBytes) return fail_size(parent);
  const auto output = make_payload(parent.group->results);
  if (is_too_deep(output)) return fail_state(parent, depth_failure(parent));
  const bool map = parent.state->type == asl::StateType::map;
  emit(id, map ? "MapStateSucceeded" : "ParallelStateSucceeded", {});
  complete(strand(id), output);
}

void ExecutionCore::fail_iteration(const Strand& child, const Failure& failure) {
  const StrandId map = child.parent;
  const std::int64_t freed = child.previous;
  emit(child.id, "MapIterationFailed", {{"name", strand(map).state->name}, {"index", child.slot}},
       {{"output", to_json(failure, "Error", "Cause")}});
  Strand& parent = strand(map);
  if (!exceeds_tolerance(*parent.group)) return start_iterations(map, freed);
  if (!parent.group->tolerated_count && !parent.group->tolerated_percentage)
    return fail_state(parent, failure);
  fail_state(parent, {"States.ExceedToleratedFailureThreshold",
                      "The specified tolerated failure threshold was exceeded."});
}

bool ExecutionCore::exceeds_tolerance(const Group& group) {
  const auto failed = static_cast<std::int64_t>(group.failed);
  if (!group.tolerated_count && !group.tolerated_percentage) return failed > 0;
  if (group.tolerated_count && failed > *group.tolerated_count) return true;
  return group.tolerated_percentage &&
         static_cast<double>(failed) * 100 >
             *group.tolerated_percentage * static_cast<double>(group.items.size());
}

/// Says of everything below `parent` that it did not end. `failed` is the branch that led to it.
void ExecutionCore::abort_children(StrandId parent, std::optional<StrandId> failed) {
  if (strands_.empty() || !strand(parent).group) return;
  const bool map = strand(parent).state->type == asl::StateType::map;
  for (const StrandId id : children_of(parent)) {
    const Strand& child = strand(id);
    abort_children(id, std::nullopt);
    abort_strand(child, failed == id);
    if (map) emit(id, "MapIterationAborted", {{"name", strand(parent).state->name}, {"index", child.slot}});
  }
  note(parent, "ChildrenAborted", {});
}

void ExecutionCore::abort_strand(const Strand& strand, bool failed) {
  if (!strand.state) return;
  const auto type = strand.state->type;
  const bool aborts =
      type == asl::StateType::task || (!failed && (type == asl::StateType::wait || is_group(*strand.state)));
  if (aborts) emit(strand.id, fmt::format("{}StateAborted", asl::to_string(type)), {});
}

std::vector<StrandId> ExecutionCore::children_of(StrandId parent) const {
  std::vector<StrandId> out;
  for (const auto& [id, candidate] : strands_) {
    if (id != 0 && candidate.parent == parent) out.push_back(id);
  }
  return out;
}

}  // namespace lamplighter::engine
