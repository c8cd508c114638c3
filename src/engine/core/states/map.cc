// Map: runs an iteration for each item, so many at once, and goes on with the list of their outputs.
#include "engine/core/states/map.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/core/event_reading.h"
#include "engine/core/execution_limits.h"
#include "engine/core/execution_state.h"
#include "engine/core/state_context.h"
#include "engine/core/states/group.h"

namespace lamplighter::engine {
namespace {

tl::unexpected<EvaluationFailure> no_array(const json::value& items) {
  return tl::unexpected(EvaluationFailure{
      "Items", fmt::format("Map state input must be an array but was: {}", type_name(items))});
}

/// Its items, where they are not its input's.
Evaluated<std::optional<json::value>> evaluate_items(Evaluator& evaluate, const Strand& strand) {
  const auto& items = strand.state->items;
  if (!items) {
    if (!strand.input->value.is_array()) return no_array(strand.input->value);
    return std::nullopt;
  }
  if (items->kind == asl::Template::Kind::expression) return TRY(evaluate.array(*items, "Items"));
  auto value = TRY(evaluate.evaluate(*items));
  if (!value.is_array()) return no_array(value);
  return value;
}

/// What MapStateStarted notes for a rebuild; without items, those of the input.
Evaluated<json::object> plan_map(const StateContext& context, const Strand& strand) {
  const auto& state = *strand.state;
  auto evaluate = context.evaluator(strand);
  json::object plan;
  if (auto items = TRY(evaluate_items(evaluate, strand))) plan["items"] = *std::move(items);
  std::int64_t concurrency = 0;
  if (state.max_concurrency)
    concurrency = TRY(evaluate.number(*state.max_concurrency, "MaxConcurrency", 0, kAnyCount));
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

Evaluated<Payload> iteration_input(const StateContext& context, const Strand& map, std::size_t index) {
  const auto& item = map.group->items[index];
  const auto& texts = map.group->item_texts;
  if (!map.state->item_selector) {
    return texts.empty() ? make_payload(item)
                         : share_payload(std::make_shared<const std::string>(texts[index]), item);
  }
  auto surroundings = context.surroundings(map, nullptr, nullptr);
  surroundings.context = [&] {
    auto out = context.context_object(map);
    out.as_object()["Map"] = map_item(index, item);
    return out;
  };
  surroundings.seed += index;
  return make_payload(TRY(Evaluator(std::move(surroundings)).evaluate(*map.state->item_selector)));
}

/// Starts as many iterations as may run. `freed` is the event that made room, where one did.
void start_iterations(StateContext& context, StrandId map, std::optional<std::int64_t> freed) {
  while (true) {
    const Strand& strand = context.strand(map);
    const Group& group = *strand.group;
    if (group.running >= group.max_concurrency || group.next >= group.items.size()) break;
    const std::size_t index = group.next;
    const auto input = iteration_input(context, strand, index);
    if (!input) return context.fail(strand, input.error());
    if ((*input)->text.size() > kMaxPayloadBytes) return context.fail(strand, size_failure(strand));
    const StrandId child = context.next_strand();
    context.append(child, EventType::map_iteration_started, {{"name", strand.state->name}, {"index", index}},
                   {.note = {{"parent", map}}, .previous = freed ? *freed : strand.previous});
    context.enter(child, start_of(*context.strand(child).states), *input);
  }
  if (context.strand(map).group->running == 0)
    complete_group(context, context.strand(map), EventType::map_state_succeeded);
}

bool exceeds_tolerance(const Group& group) {
  const auto failed = static_cast<std::int64_t>(group.failed);
  if (!group.tolerated_count && !group.tolerated_percentage) return failed > 0;
  if (group.tolerated_count && failed > *group.tolerated_count) return true;
  return group.tolerated_percentage &&
         static_cast<double>(failed) * 100 >
             *group.tolerated_percentage * static_cast<double>(group.items.size());
}

json::object iteration_details(const StateContext& context, const Strand& child) {
  return {{"name", context.strand(child.parent).state->name}, {"index", child.slot}};
}

void start_map(ExecutionState& state, Strand& strand, const Event& event) {
  state.set_phase(strand, Phase::children);
  strand.previous = event.id;
  strand.group = std::make_unique<Group>();
  Group& group = *strand.group;
  if (const auto* items = event.note.if_contains("items")) {
    group.items = items->as_array();
  } else {
    read_late(strand.input);
    group.items = strand.input->value.as_array();
    group.item_texts = element_texts(strand.input);
  }
  group.results.resize(group.items.size());
  group.max_concurrency = event.note.at("concurrency").to_number<std::size_t>();
  group.tolerated_count = optional_number(event.note, "count");
  if (const auto* percentage = event.note.if_contains("percentage"))
    group.tolerated_percentage = percentage->to_number<double>();
}

void start_iteration(ExecutionState& state, const Event& event) {
  Strand& parent = state.strand(event.note.at("parent").to_number<StrandId>());
  const auto index = event.details.at("index").to_number<std::size_t>();
  Group& group = group_of(parent);
  group.next = index + 1;
  ++group.running;
  const auto& child = state.add_strand(parent.id, index, parent.state->branches.front(), event.id);
  if (child.id != event.strand) throw std::runtime_error("an iteration's strand does not fit");
}

class Map final : public StateKind {
 public:
  void run(StateContext& context, const Strand& strand) const override {
    auto plan = plan_map(context, strand);
    if (!plan) return context.fail(strand, plan.error());
    const auto* items = plan->if_contains("items");
    const auto length = (items ? *items : strand.input->value).as_array().size();
    const StrandId id = strand.id;
    context.append(id, EventType::map_state_started, {{"length", length}}, {.note = *std::move(plan)});
    start_iterations(context, id, std::nullopt);
  }

  void abandon(StateContext& context, const Strand& strand) const override {
    abort_children(context, strand.id, std::nullopt);
  }

  void child_left(StateContext& context, StrandId parent, StrandId child) const override {
    const std::int64_t freed = context.strand(child).previous;
    context.append(child, EventType::map_iteration_succeeded,
                   iteration_details(context, context.strand(child)));
    const Strand& map = context.strand(parent);
    if (map.group->result_bytes > kMaxPayloadBytes) return context.fail(map, size_failure(map));
    start_iterations(context, parent, freed);
  }

  /// Others go on while the Map tolerates it.
  void child_failed(StateContext& context, StrandId child, const Failure& why) const override {
    const StrandId parent = context.strand(child).parent;
    const std::int64_t freed = context.strand(child).previous;
    context.append(child, EventType::map_iteration_failed, iteration_details(context, context.strand(child)),
                   {.note = {{"output", to_json(why, "Error", "Cause")}}});
    const Strand& map = context.strand(parent);
    if (!exceeds_tolerance(*map.group)) return start_iterations(context, parent, freed);
    if (!map.group->tolerated_count && !map.group->tolerated_percentage) return context.fail(map, why);
    context.fail(map, Failure{"States.ExceedToleratedFailureThreshold",
                              "The specified tolerated failure threshold was exceeded."});
  }

  void apply(ExecutionState& state, Strand& strand, const Event& event, const Payload&) const override {
    if (event.type == EventType::map_state_started) return start_map(state, strand, event);
    if (event.type != EventType::map_state_failed) return;
    state.set_phase(strand, Phase::moving);
    strand.previous = event.id;
    strand.evaluation_failed = false;
  }
};

}  // namespace

void apply_iteration(ExecutionState& state, const Event& event) {
  switch (event.type) {
    case EventType::map_iteration_started:
      return start_iteration(state, event);
    case EventType::map_iteration_succeeded:
      return state.end_child(state.strand(event.strand), state.strand(event.strand).input, event);
    case EventType::map_iteration_failed:
      ++group_of(state.strand(state.strand(event.strand).parent)).failed;
      return state.end_child(state.strand(event.strand), make_payload(event.note.at("output")), event);
    default:
      return;  // what is aborted goes with its Map
  }
}

json::object map_item(std::size_t index, const json::value& value) {
  return {{"Item", {{"Index", index}, {"Key", nullptr}, {"Value", value}, {"Source", "STATE_DATA"}}}};
}

const StateKind& map_kind() {
  static constexpr Map kKind;
  return kKind;
}

}  // namespace lamplighter::engine
