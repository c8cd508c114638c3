// Paths: steps over sequences, predicates, and tuple streams (@, #, %).
#include <cmath>

#include "jsonata/evaluate/evaluator.h"
#include "jsonata/evaluate/operators.h"

namespace lamplighter::jsonata {
namespace {

void set_binding(Arena& arena, List<Binding>& bindings, Symbol symbol, Value value) {
  for (Binding& binding : bindings) {
    if (binding.symbol == symbol) {
      binding.value = value;
      return;
    }
  }
  bindings.push(arena, Binding{symbol, value});
}

Tuple* copy_tuple(Arena& arena, const Tuple& tuple) {
  Tuple* copy = arena.make<Tuple>(Tuple{.at = tuple.at});
  copy->bindings.reserve(arena, tuple.bindings.size() + 1);
  for (const Binding& binding : tuple.bindings) copy->bindings.push(arena, binding);
  return copy;
}

Array* make_tuple_stream(Arena& arena) {
  Array* stream = make_sequence(arena);
  stream->tuple_stream = true;
  return stream;
}

// Adds the result of a step to the sequence: arrays are merged into it, unless they were written as such.
void merge(Arena& arena, Array& sequence, Value result) {
  if (result.is_array() && (result.is_borrowed() || !result.array().constructed)) {
    sequence.push_all(arena, result);
  } else {
    sequence.push(arena, result);
  }
}

bool is_array_but_no_sequence(Value value) { return value.is_array() && !value.is_sequence(); }

}  // namespace

// Names only, on objects only: needs no sequence. Where an array is met, the general way goes on from there.
Outcome Evaluator::evaluate_plain_path(const Node& node, Value input, Frame& frame) {
  const List<Node*>& steps = node.items;
  std::size_t i = 0;
  Value current = input;
  if (steps[0]->type == NodeType::variable) {
    current = JSONATA_TRY(evaluate(*steps[0], input, frame));
    i = 1;
  }
  for (; i < steps.size(); ++i) {
    if (current.is_array()) {
      if (i == 0) return evaluate_steps(node, current, 0, frame);
      Array* sequence = make_sequence(arena_);
      merge(arena_, *sequence, current);
      return evaluate_steps(node, Value(sequence), i, frame);
    }
    if (!current.is_object()) return Value();
    current = member_of(current, steps[i]->text);
    if (current.is_undefined()) return current;
  }
  if (!current.is_sequence()) return current;
  Array* copy = make_sequence(arena_);
  copy->push_all(arena_, current);
  return Value(copy);
}

Outcome Evaluator::evaluate_path(const Node& node, Value input, Frame& frame) {
  const bool iterate = input.is_array() && node.items[0]->type != NodeType::variable;
  return evaluate_steps(node, iterate ? input : Value(make_sequence(arena_, input)), 0, frame);
}

Outcome Evaluator::evaluate_steps(const Node& node, Value sequence, std::size_t first, Frame& frame) {
  Value result;
  Value tuples;
  bool tuple_stream = false;
  for (std::size_t i = first; i < node.items.size(); ++i) {
    const Node& step = *node.items[i];
    tuple_stream = tuple_stream || step.tuple;
    if (i == 0 && step.constructed) {
      result = JSONATA_TRY(evaluate(step, sequence, frame));
    } else if (tuple_stream) {
      tuples = JSONATA_TRY(evaluate_tuple_step(step, sequence, tuples, frame));
    } else {
      result = JSONATA_TRY(evaluate_step(step, sequence, frame, i + 1 == node.items.size()));
    }
    if (!tuple_stream && (!result.is_array() || Items(result).empty())) break;
    if (step.focus == kNoSymbol && result.is_array()) sequence = result;
  }
  if (!tuple_stream) return finish_path(node, result, frame);
  if (!tuples.is_array()) return Value();
  if (node.group != nullptr || node.tuple) return finish_path(node, tuples, frame);
  Array* contexts = make_sequence(arena_);
  const Items items(tuples);
  contexts->reserve(arena_, items.size());
  for (std::size_t i = 0; i < items.size(); ++i) contexts->push(arena_, items[i].tuple().at);
  return finish_path(node, Value(contexts), frame);
}

Outcome Evaluator::finish_path(const Node& node, Value result, Frame& frame) {
  if (node.keep_singleton_array && result.is_array() && !result.is_borrowed()) {
    if (result.array().constructed && !result.array().sequence) result = Value(make_sequence(arena_, result));
    result.array().keep_singleton = true;
  }
  return node.group == nullptr ? Outcome(result) : evaluate_group(*node.group, result, frame);
}

Outcome Evaluator::evaluate_step(const Node& step, Value sequence, Frame& frame, bool last) {
  if (step.type == NodeType::sort) {
    const Value sorted = JSONATA_TRY(evaluate_sort(step, sequence, frame));
    return evaluate_stages(step, sorted, frame);
  }
  Array* out = make_sequence(arena_);
  Value only;  // the first result is held back: the last step's only array stays what it is
  bool held = false;
  std::size_t count = 0;
  const Items items(sequence);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value result = JSONATA_TRY(evaluate_item(step, items[i], frame));
    if (result.is_undefined()) continue;
    if (++count == 1 && last && is_array_but_no_sequence(result)) {
      only = result;
      held = true;
      continue;
    }
    if (held) merge(arena_, *out, only);
    held = false;
    merge(arena_, *out, result);
  }
  return held ? only : Value(out);
}

Outcome Evaluator::evaluate_item(const Node& step, Value item, Frame& frame) {
  const bool simple =
      step.type == NodeType::name && item.is_object() && step.predicates.empty() && step.group == nullptr;
  Value result;
  if (simple) {
    JSONATA_CHECK(tick());
    result = collapse(step, member_of(item, step.text));
  } else {
    result = JSONATA_TRY(evaluate(step, item, frame));
  }
  for (const Stage& stage : step.stages)
    result = JSONATA_TRY(evaluate_filter(*stage.expression, result, frame));
  return result;
}

// --- predicates -------------------------------------------------------------------------------------------

Outcome Evaluator::evaluate_filter(const Node& predicate, Value input, Frame& frame) {
  Array* results = make_sequence(arena_);
  results->tuple_stream = input.is_tuple_stream();
  const Items items(input.is_array() ? input : Value(make_sequence(arena_, input)));
  if (predicate.type == NodeType::number) {
    double index = std::floor(predicate.value.number());
    if (index < 0) index += static_cast<double>(items.size());
    if (index < 0 || index >= static_cast<double>(items.size())) return Value(results);
    const Value item = items[static_cast<std::size_t>(index)];
    if (item.is_array()) return item;
    if (!item.is_undefined()) results->push(arena_, item);
    return Value(results);
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    bool selected = false;
    if (results->tuple_stream && item.is_tuple()) {
      Frame* scope = frame_of(item.tuple(), frame);
      selected = JSONATA_TRY(selects(predicate, item.tuple().at, i, items.size(), *scope));
      release(scope);
    } else {
      selected = JSONATA_TRY(selects(predicate, item, i, items.size(), frame));
    }
    if (selected) results->push(arena_, item);
  }
  return Value(results);
}

// Whether the predicate holds for the item, or is (or has among others) its index.
Attempt<bool> Evaluator::selects(const Node& predicate, Value context, std::size_t index, std::size_t size,
                                 Frame& frame) {
  const Value result = JSONATA_TRY(evaluate(predicate, context, frame));
  if (result.is_boolean()) return result.boolean();
  const auto is_index = [index, size](double number) {
    number = std::floor(number);
    if (number < 0) number += static_cast<double>(size);
    return number == static_cast<double>(index);
  };
  if (JSONATA_TRY(is_numeric(result, arena_))) return is_index(result.number());
  if (!result.is_array()) return truth(result, *this);
  const Items items(result);
  bool found = false;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    if (!JSONATA_TRY(is_numeric(item, arena_))) return truth(result, *this);
    found = found || is_index(item.number());
  }
  JSONATA_CHECK(tick(items.size()));
  return found;
}

// --- tuple streams ----------------------------------------------------------------------------------------

Frame* Evaluator::frame_of(const Tuple& tuple, Frame& parent) {
  Frame* frame = new_frame(&parent);
  for (const Binding& binding : tuple.bindings) frame->bindings.push(arena_, binding);
  return frame;
}

Outcome Evaluator::evaluate_tuple_step(const Node& step, Value sequence, Value tuples, Frame& frame) {
  if (step.type == NodeType::sort) return sort_into_tuples(step, sequence, tuples, frame);
  Array* out = make_tuple_stream(arena_);
  const Items items(tuples.is_undefined() ? sequence : tuples);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Tuple first{.at = items[i], .bindings = {}};
    const Tuple& tuple = items[i].is_tuple() ? items[i].tuple() : first;
    Frame* scope = frame_of(tuple, frame);
    const Value result = JSONATA_TRY(evaluate(step, tuple.at, *scope));
    if (!result.is_undefined()) JSONATA_CHECK(extend_tuple(step, tuple, result, *out));
    release(scope);
  }
  return evaluate_stages(step, Value(out), frame);
}

// Adds a tuple for each item of what the step gave for `tuple`.
Done Evaluator::extend_tuple(const Node& step, const Tuple& tuple, Value result, Array& out) {
  const Items items(result.is_array() ? result : Value(make_sequence(arena_, result)));
  for (std::size_t i = 0; i < items.size(); ++i) {
    JSONATA_CHECK(tick());
    Tuple* extended = copy_tuple(arena_, tuple);
    const Value item = items[i];
    if (result.is_tuple_stream() && item.is_tuple()) {
      extended->at = item.tuple().at;
      for (const Binding& b : item.tuple().bindings)
        set_binding(arena_, extended->bindings, b.symbol, b.value);
    } else {
      // "@$" binds no name, and moves the context.
      if (step.focus != kNoSymbol && !program_.symbols[step.focus].text.empty()) {
        set_binding(arena_, extended->bindings, step.focus, item);
      } else {
        extended->at = item;
      }
      if (step.index != kNoSymbol) {
        set_binding(arena_, extended->bindings, step.index, Value(static_cast<double>(i)));
      }
      if (step.ancestor != nullptr) set_binding(arena_, extended->bindings, step.ancestor->label, tuple.at);
    }
    out.push(arena_, Value(extended));
  }
  return {};
}

Outcome Evaluator::sort_into_tuples(const Node& step, Value sequence, Value tuples, Frame& frame) {
  if (!tuples.is_undefined()) {
    const Value sorted = JSONATA_TRY(evaluate_sort(step, tuples, frame));
    return evaluate_stages(step, sorted, frame);
  }
  const Value sorted = JSONATA_TRY(evaluate_sort(step, sequence, frame));
  Array* out = make_tuple_stream(arena_);
  const Items items(sorted);
  for (std::size_t i = 0; i < items.size(); ++i) {
    Tuple* tuple = arena_.make<Tuple>(Tuple{.at = items[i]});
    if (step.index != kNoSymbol)
      tuple->bindings.push(arena_, Binding{step.index, Value(static_cast<double>(i))});
    out->push(arena_, Value(tuple));
  }
  return evaluate_stages(step, Value(out), frame);
}

Outcome Evaluator::evaluate_stages(const Node& step, Value tuples, Frame& frame) {
  for (const Stage& stage : step.stages) {
    if (stage.expression != nullptr) {
      tuples = JSONATA_TRY(evaluate_filter(*stage.expression, tuples, frame));
      continue;
    }
    const Items items(tuples);
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!items[i].is_tuple()) continue;
      set_binding(arena_, items[i].tuple().bindings, stage.index, Value(static_cast<double>(i)));
    }
  }
  return tuples;
}

}  // namespace lamplighter::jsonata
