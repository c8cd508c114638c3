// $keys, $lookup, $spread, $merge, and $clone, which transforms use.
#include <array>

#include "jsonata/evaluate/evaluator.h"
#include "jsonata/evaluate/json_text.h"
#include "jsonata/evaluate/operators.h"
#include "jsonata/functions/functions.h"

namespace lamplighter::jsonata {
namespace {

Done collect_keys(Evaluator& evaluator, Value value, Object& keys, std::size_t depth) {
  JSONATA_CHECK(evaluator.tick());
  if (depth > kMaxValueDepth) return evaluator.fail(kDepthLimit);
  Arena& arena = evaluator.arena();
  if (value.is_array()) {
    const Items items(value);
    for (std::size_t i = 0; i < items.size(); ++i)
      JSONATA_CHECK(collect_keys(evaluator, items[i], keys, depth + 1));
  } else if (value.is_object()) {
    for (const Member& member : members_of(value, arena)) keys.set(arena, member.key, Value(true));
  }
  return {};
}

Outcome keys(Evaluator& evaluator, Arguments arguments) {
  Arena& arena = evaluator.arena();
  Object found;
  JSONATA_CHECK(collect_keys(evaluator, arguments[0], found, 0));
  Array* names = make_sequence(arena);
  for (const Member& member : found.members()) names->push(arena, Value(member.key));
  return Value(names);
}

Outcome lookup(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[1].is_string()) return Value();
  return lookup_member(arguments[0], arguments[1].string(), evaluator);
}

Outcome spread_value(Evaluator& evaluator, Value value, std::size_t depth) {
  JSONATA_CHECK(evaluator.tick());
  if (depth > kMaxValueDepth) return evaluator.fail(kDepthLimit);
  Arena& arena = evaluator.arena();
  if (value.is_array()) {
    Array* all = make_sequence(arena);
    const Items items(value);
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Value part = JSONATA_TRY(spread_value(evaluator, items[i], depth + 1));
      if (part.is_undefined()) continue;
      all->sequence = false;
      if (part.is_array()) {
        all->push_all(arena, part);
      } else {
        all->push(arena, part);
      }
    }
    return Value(all);
  }
  if (!value.is_object()) return value;
  Array* all = make_sequence(arena);
  for (const Member& member : members_of(value, arena)) {
    Object* single = arena.make<Object>();
    single->add(arena, member.key, member.value);
    all->push(arena, Value(single));
  }
  return Value(all);
}

Outcome spread(Evaluator& evaluator, Arguments arguments) { return spread_value(evaluator, arguments[0], 0); }

Outcome merge(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_array()) return Value();
  Arena& arena = evaluator.arena();
  Object* merged = arena.make<Object>();
  const Items items(arguments[0]);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    if (!item.is_object()) continue;
    JSONATA_CHECK(evaluator.tick(member_count(item)));
    for (const Member& member : members_of(item, arena)) merged->set(arena, member.key, member.value);
  }
  return Value(merged);
}

Outcome clone(Evaluator& evaluator, Arguments arguments) { return evaluator.clone(arguments[0]); }

constexpr std::array kFunctions{
    NativeFunction{"keys", "<x-:a<s>>", 1, keys},     NativeFunction{"lookup", "<x-s:x>", 2, lookup},
    NativeFunction{"spread", "<x-:a<o>>", 1, spread}, NativeFunction{"merge", "<a<o>:o>", 1, merge},
    NativeFunction{"clone", "<(oa)-:o>", 1, clone},
};

}  // namespace

std::span<const NativeFunction> object_functions() { return kFunctions; }

}  // namespace lamplighter::jsonata
