// Objects and grouping, sorting, and transforms.
#include <algorithm>
#include <vector>

#include "json/number_text.h"
#include "jsonata/evaluate/evaluator.h"
#include "jsonata/evaluate/json_text.h"
#include "jsonata/evaluate/operators.h"
#include "jsonata/evaluate/sort.h"
#include "jsonata/functions/text.h"

namespace lamplighter::jsonata {

// What one key of a grouped object collects.
struct Evaluator::Group {
  std::string_view key;
  std::size_t pair;
  Value data;
  bool own;  // `data` is an array that was made here, and may grow
};

Outcome Evaluator::evaluate_group(const Node& object, Value input, Frame& frame) {
  if (!input.is_array()) return evaluate_object(object, input, frame);
  const Items items(input);
  const bool reduce = input.is_tuple_stream() && !items.empty();
  List<Group> groups;
  Object places;
  if (items.empty()) JSONATA_CHECK(add_to_groups(object, Value(), frame, groups, places));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    if (!reduce || !item.is_tuple()) {
      JSONATA_CHECK(add_to_groups(object, item, frame, groups, places));
      continue;
    }
    Frame* scope = frame_of(item.tuple(), frame);
    JSONATA_CHECK(add_to_groups(object, item, *scope, groups, places));
    release(scope);
  }
  return evaluate_groups(object, groups, reduce, frame);
}

// An object constructor over one context: each pair gives one member.
Outcome Evaluator::evaluate_object(const Node& object, Value input, Frame& frame) {
  if (object.plain) {
    Object* result = arena_.make<Object>();
    result->reserve(arena_, object.pairs.size());
    for (const Pair& pair : object.pairs) {
      const Value value = JSONATA_TRY(evaluate(*pair.value, input, frame));
      if (!value.is_undefined()) result->add_plain(arena_, pair.key->value.string(), value);
    }
    return Value(result);
  }
  List<Group> groups;
  Object places;
  JSONATA_CHECK(add_to_groups(object, input, frame, groups, places));
  return evaluate_groups(object, groups, false, frame);
}

Outcome Evaluator::evaluate_key(const Node& object, const Pair& pair, Value input, Frame& frame) {
  const Value key = pair.key->type == NodeType::string && pair.key->predicates.empty()
                        ? pair.key->value
                        : JSONATA_TRY(evaluate(*pair.key, input, frame));
  if (key.is_string() || key.is_undefined()) return key;
  Failure failure;
  failure.code = "T1003";
  failure.position = object.position;
  failure.value = key;
  return jsonata::fail(arena_, failure);
}

Done Evaluator::add_to_groups(const Node& object, Value item, Frame& frame, List<Group>& groups,
                              Object& places) {
  const Value context = item.is_tuple() ? item.tuple().at : item;
  for (std::size_t i = 0; i < object.pairs.size(); ++i) {
    const Value key = JSONATA_TRY(evaluate_key(object, object.pairs[i], context, frame));
    if (key.is_undefined()) continue;
    const Value* place = places.find(key.string());
    if (place == nullptr) {
      places.add(arena_, key.string(), Value(static_cast<double>(groups.size())));
      groups.push(arena_, Group{key.string(), i, item, false});
      continue;
    }
    if (arena_.exhausted()) return fail(kByteLimit);
    Group& group = groups[static_cast<std::size_t>(place->number())];
    if (group.pair != i) {
      Failure failure;
      failure.code = "D1009";
      failure.position = object.position;
      failure.value = key;
      return jsonata::fail(arena_, failure);
    }
    if (!group.own) group.data = append(group.data, Value(arena_.make<Array>()), arena_);
    group.own = true;
    if (item.is_array()) {
      group.data.array().push_all(arena_, item);
    } else {
      group.data.array().push(arena_, item);
    }
  }
  return {};
}

Outcome Evaluator::evaluate_groups(const Node& object, List<Group>& groups, bool reduce, Frame& frame) {
  Object* result = arena_.make<Object>();
  result->reserve(arena_, groups.size());
  for (const Group& group : groups) {
    const Node& expression = *object.pairs[group.pair].value;
    Value value;
    if (reduce) {
      const Tuple& tuple = reduce_tuples(group.data).tuple();
      Frame* scope = frame_of(tuple, frame);
      value = JSONATA_TRY(evaluate(expression, tuple.at, *scope));
      release(scope);
    } else {
      value = JSONATA_TRY(evaluate(expression, group.data, frame));
    }
    if (!value.is_undefined()) result->add(arena_, group.key, value);
  }
  return Value(result);
}

// Many tuples as one, each name bound to all values that it had.
Value Evaluator::reduce_tuples(Value tuples) {
  if (!tuples.is_array()) return tuples;
  const Items items(tuples);
  Tuple* all = arena_.make<Tuple>(items[0].tuple());
  List<Binding> bindings;
  for (const Binding& binding : all->bindings) bindings.push(arena_, binding);
  all->bindings = bindings;
  for (std::size_t i = 1; i < items.size(); ++i) {
    const Tuple& tuple = items[i].tuple();
    all->at = append(all->at, tuple.at, arena_);
    for (const Binding& binding : tuple.bindings) {
      auto* same = std::find_if(all->bindings.begin(), all->bindings.end(),
                                [&](const Binding& other) { return other.symbol == binding.symbol; });
      if (same == all->bindings.end()) {
        all->bindings.push(arena_, binding);
      } else {
        same->value = append(same->value, binding.value, arena_);
      }
    }
  }
  return Value(all);
}

// --- order-by ---------------------------------------------------------------------------------------------

namespace {

bool is_sortable(Value value) { return value.is_number() || value.is_string(); }

// Below, equal or above zero. Undefined comes last, whatever the direction.
Attempt<int> compare_keys(Value a, Value b, bool descending, const Node& step, Arena& arena) {
  if (a.is_undefined()) return b.is_undefined() ? 0 : 1;
  if (b.is_undefined()) return -1;
  Failure failure;
  failure.position = step.position;
  if (!is_sortable(a) || !is_sortable(b)) {
    failure.code = "T2008";
    failure.value = is_sortable(a) ? b : a;
    return fail(arena, failure);
  }
  if (a.kind() != b.kind()) {
    failure.code = "T2007";
    failure.value = a;
    failure.value2 = b;
    return fail(arena, failure);
  }
  int order = 0;
  if (a.is_string()) {
    order = compare_units(a.string(), b.string());
  } else if (a.number() != b.number()) {
    order = a.number() < b.number() ? -1 : 1;
  }
  return descending ? -order : order;
}

}  // namespace

Outcome Evaluator::evaluate_sort(const Node& step, Value input, Frame& frame) {
  const Items items(input);
  if (items.size() <= 1) return input;
  const bool tuples = input.is_tuple_stream();
  const std::size_t terms = step.terms.size();
  if (!arena_.has_room(items.size() * terms * sizeof(Value))) return fail(kByteLimit);
  Value* keys = arena_.array<Value>(items.size() * terms);
  std::vector<std::size_t> order(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    order[i] = i;
    const Value item = items[i];
    Frame* scope = tuples && item.is_tuple() ? frame_of(item.tuple(), frame) : &frame;
    const Value context = scope == &frame ? item : item.tuple().at;
    for (std::size_t t = 0; t < terms; ++t) {
      keys[i * terms + t] = JSONATA_TRY(evaluate(*step.terms[t].expression, context, *scope));
    }
    if (scope != &frame) release(scope);
  }
  const auto after = [&](std::size_t a, std::size_t b) -> Attempt<bool> {
    for (std::size_t t = 0; t < terms; ++t) {
      const int comparison = JSONATA_TRY(
          compare_keys(keys[a * terms + t], keys[b * terms + t], step.terms[t].descending, step, arena_));
      if (comparison != 0) return comparison > 0;
    }
    return false;
  };
  JSONATA_CHECK(merge_sort(order, after));
  Array* sorted = arena_.make<Array>();
  sorted->reserve(arena_, items.size());
  for (const std::size_t i : order) sorted->push(arena_, items[i]);
  return Value(sorted);
}

// --- transforms -------------------------------------------------------------------------------------------

Outcome Evaluator::clone(Value value, std::size_t depth) {
  JSONATA_CHECK(tick());
  if (depth > kMaxValueDepth) return fail(kDepthLimit);
  if (value.is_number()) {
    if (!JSONATA_TRY(is_numeric(value, arena_))) return Value::null();
    return Value(to_15_digits(value.number()));
  }
  if (value.is_function()) return Value(std::string_view(""));
  if (value.is_array()) {
    const Items items(value);
    Array* copy = arena_.make<Array>();
    copy->reserve(arena_, items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
      copy->push(arena_, JSONATA_TRY(clone(items[i], depth + 1)));
    return Value(copy);
  }
  if (!value.is_object()) return value.is_undefined() ? Value::null() : value;
  Object* copy = arena_.make<Object>();
  copy->reserve(arena_, member_count(value));
  for (const Member& member : members_of(value, arena_)) {
    if (!member.value.is_undefined())
      copy->add(arena_, member.key, JSONATA_TRY(clone(member.value, depth + 1)));
  }
  return Value(copy);
}

Outcome Evaluator::transform(const Function& function, Value object) {
  if (object.is_undefined()) return object;
  const Node& node = *function.node;
  if (object.is_array() && !object.is_borrowed() && object.array().outer_wrapper) object = object.array()[0];
  const Value copy = JSONATA_TRY(clone(object, 0));
  const Value matches = JSONATA_TRY(evaluate(*node.left, copy, *function.frame));
  if (matches.is_undefined()) return copy;
  if (!matches.is_array()) {
    JSONATA_CHECK(update_match(node, matches, *function.frame));
    return copy;
  }
  const Items items(matches);
  for (std::size_t i = 0; i < items.size(); ++i) JSONATA_CHECK(update_match(node, items[i], *function.frame));
  return copy;
}

Done Evaluator::update_match(const Node& node, Value match, Frame& frame) {
  const Value update = JSONATA_TRY(evaluate(*node.right, match, frame));
  Failure failure;
  if (!update.is_undefined()) {
    if (!update.is_object()) {
      failure.code = "T2011";
      failure.position = node.right->position;
      failure.value = update;
      return jsonata::fail(arena_, failure);
    }
    JSONATA_CHECK(set_update(match, update));
  }
  if (node.other == nullptr) return {};
  const Value deletions = JSONATA_TRY(evaluate(*node.other, match, frame));
  if (deletions.is_undefined()) return {};
  const Items keys(deletions.is_array() ? deletions : Value(make_sequence(arena_, deletions)));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].is_string()) continue;
    failure.code = "T2012";
    failure.position = node.other->position;
    failure.value = deletions;
    return jsonata::fail(arena_, failure);
  }
  if (!match.is_object() || match.is_borrowed()) return {};
  for (std::size_t i = 0; i < keys.size(); ++i) match.object().erase(keys[i].string());
  return {};
}

Done Evaluator::set_update(Value match, Value update) {
  // Only what belongs to the copy can change; the input document never does.
  if (!match.is_object() || match.is_borrowed()) return {};
  for (const Member& member : members_of(update, arena_))
    match.object().set(arena_, member.key, member.value);
  return {};
}

}  // namespace lamplighter::jsonata
