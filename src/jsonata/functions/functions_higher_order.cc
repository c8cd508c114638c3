// $map, $filter, $single, $reduce, $sift, $each.
#include <array>

#include "jsonata/evaluate/evaluator.h"
#include "jsonata/evaluate/operators.h"
#include "jsonata/functions/functions.h"

namespace lamplighter::jsonata {
namespace {

// Calls with as many arguments as the function takes, and at least one.
Outcome call_fitting(Evaluator& evaluator, Value function, Value first, Value second, Value third) {
  const std::array<Value, 3> arguments{first, second, third};
  const int arity = function.is_function() ? function.function().arity : 1;
  const std::size_t count = arity >= 3 ? 3 : (arity >= 2 ? 2 : 1);
  return evaluator.call(function, std::span<const Value>(arguments.data(), count));
}

Value index_value(std::size_t i) { return Value(static_cast<double>(i)); }

Outcome map(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_array()) return Value();
  Arena& arena = evaluator.arena();
  Array* results = make_sequence(arena);
  const Items items(arguments[0]);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value result =
        JSONATA_TRY(call_fitting(evaluator, arguments[1], items[i], index_value(i), arguments[0]));
    if (!result.is_undefined()) results->push(arena, result);
  }
  return Value(results);
}

Outcome filter(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_array()) return Value();
  Arena& arena = evaluator.arena();
  Array* results = make_sequence(arena);
  const Items items(arguments[0]);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value result =
        JSONATA_TRY(call_fitting(evaluator, arguments[1], items[i], index_value(i), arguments[0]));
    if (JSONATA_TRY(truth(result, evaluator))) results->push(arena, items[i]);
  }
  return Value(results);
}

Outcome single(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_array()) return Value();
  Value found;
  bool any = false;
  const Items items(arguments[0]);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (arguments[1].is_function()) {
      const Value result =
          JSONATA_TRY(call_fitting(evaluator, arguments[1], items[i], index_value(i), arguments[0]));
      if (!truthy(result)) continue;
    }
    if (any) return evaluator.fail("D3138", {}, i);
    found = items[i];
    any = true;
  }
  return any ? Outcome(found) : evaluator.fail("D3139");
}

Outcome reduce(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_array()) return Value();
  const int arity = arguments[1].function().arity;
  if (arity < 2) return evaluator.fail("D3050", {}, 1);
  const Items items(arguments[0]);
  Value result = arguments[2];
  std::size_t i = 0;
  if (result.is_undefined() && !items.empty()) result = items[i++];
  for (; i < items.size(); ++i) {
    const std::array<Value, 4> all{result, items[i], index_value(i), arguments[0]};
    const std::size_t count = arity >= 4 ? 4 : static_cast<std::size_t>(arity);
    result = JSONATA_TRY(evaluator.call(arguments[1], std::span<const Value>(all.data(), count)));
  }
  return result;
}

Outcome sift(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_object()) return Value();
  Arena& arena = evaluator.arena();
  Object* kept = arena.make<Object>();
  for (const Member& member : members_of(arguments[0], arena)) {
    const Value result =
        JSONATA_TRY(call_fitting(evaluator, arguments[1], member.value, Value(member.key), arguments[0]));
    if (JSONATA_TRY(truth(result, evaluator))) kept->add(arena, member.key, member.value);
  }
  return kept->size() == 0 ? Value() : Value(kept);
}

Outcome each(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_object()) return Value();
  Arena& arena = evaluator.arena();
  Array* results = make_sequence(arena);
  for (const Member& member : members_of(arguments[0], arena)) {
    const Value result =
        JSONATA_TRY(call_fitting(evaluator, arguments[1], member.value, Value(member.key), arguments[0]));
    if (!result.is_undefined()) results->push(arena, result);
  }
  return Value(results);
}

constexpr std::array kFunctions{
    NativeFunction{"map", "<af>", 2, map},        NativeFunction{"filter", "<af>", 2, filter},
    NativeFunction{"single", "<af?>", 2, single}, NativeFunction{"reduce", "<afj?:j>", 3, reduce},
    NativeFunction{"sift", "<o-f?:o>", 2, sift},  NativeFunction{"each", "<o-f:a>", 2, each},
};

}  // namespace

std::span<const NativeFunction> higher_order_functions() { return kFunctions; }

}  // namespace lamplighter::jsonata
