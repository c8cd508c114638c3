// $append, $sort, $reverse, $shuffle, $distinct, $zip.
#include <algorithm>
#include <array>
#include <unordered_set>
#include <vector>

#include "jsonata/evaluate/evaluator.h"
#include "jsonata/evaluate/operators.h"
#include "jsonata/evaluate/sort.h"
#include "jsonata/functions/functions.h"
#include "jsonata/functions/text.h"

namespace lamplighter::jsonata {
namespace {

Array* make_array(Arena& arena, const std::vector<Value>& values) {
  Array* array = arena.make<Array>();
  array->reserve(arena, values.size());
  for (const Value value : values) array->push(arena, value);
  return array;
}

std::vector<Value> values_of(Value array) {
  const Items items(array);
  std::vector<Value> values(items.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = items[i];
  return values;
}

// Whether what is about to be made of `count` values has room.
Done check_room(Evaluator& evaluator, std::size_t count) {
  JSONATA_CHECK(evaluator.tick(count));
  if (!evaluator.arena().has_room(count * sizeof(Value))) return evaluator.fail(kByteLimit);
  return {};
}

Outcome append_values(Evaluator& evaluator, Arguments arguments) {
  return append(arguments[0], arguments[1], evaluator.arena());
}

Outcome reverse(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_array() || Items(arguments[0]).size() <= 1) return arguments[0];
  JSONATA_CHECK(check_room(evaluator, Items(arguments[0]).size()));
  std::vector<Value> values = values_of(arguments[0]);
  std::reverse(values.begin(), values.end());
  return Value(make_array(evaluator.arena(), values));
}

Outcome shuffle(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_array() || Items(arguments[0]).size() <= 1) return arguments[0];
  JSONATA_CHECK(check_room(evaluator, Items(arguments[0]).size()));
  std::vector<Value> values = values_of(arguments[0]);
  for (std::size_t i = values.size() - 1; i > 0; --i)
    std::swap(values[i], values[evaluator.random().below(i + 1)]);
  return Value(make_array(evaluator.arena(), values));
}

bool all_of_kind(const std::vector<Value>& values, Kind kind) {
  return std::all_of(values.begin(), values.end(), [kind](Value value) { return value.kind() == kind; });
}

Outcome sort(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_array() || Items(arguments[0]).size() <= 1) return arguments[0];
  JSONATA_CHECK(check_room(evaluator, Items(arguments[0]).size()));
  std::vector<Value> values = values_of(arguments[0]);
  if (arguments[1].is_function()) {
    const auto after = [&](Value a, Value b) -> Attempt<bool> {
      return truthy(JSONATA_TRY(evaluator.call(arguments[1], {a, b})));
    };
    JSONATA_CHECK(merge_sort(values, after));
  } else if (all_of_kind(values, Kind::number)) {
    std::stable_sort(values.begin(), values.end(), [](Value a, Value b) { return a.number() < b.number(); });
  } else if (all_of_kind(values, Kind::string)) {
    std::stable_sort(values.begin(), values.end(),
                     [](Value a, Value b) { return compare_units(a.string(), b.string()) < 0; });
  } else {
    return evaluator.fail("D3070", {}, 1);
  }
  return Value(make_array(evaluator.arena(), values));
}

// Finds the values that came before: plain ones by hash, arrays and objects one by one.
class Seen {
 public:
  explicit Seen(Evaluator& evaluator) : evaluator_(evaluator) {}

  Attempt<bool> is_new(Value value) {
    JSONATA_CHECK(evaluator_.tick());
    switch (value.kind()) {
      case Kind::string:
        return strings_.insert(value.string()).second;
      case Kind::number:
        return value.number() != value.number() || numbers_.insert(value.number()).second;
      case Kind::boolean:
        return numbers_of_booleans_.insert(value.boolean() ? 1 : 0).second;
      case Kind::null:
        return numbers_of_booleans_.insert(2).second;
      default:
        break;
    }
    for (const Value other : others_) {
      JSONATA_CHECK(evaluator_.tick());
      if (JSONATA_TRY(equal(value, other, evaluator_))) return false;
    }
    others_.push_back(value);
    return true;
  }

 private:
  Evaluator& evaluator_;
  std::unordered_set<std::string_view> strings_;
  std::unordered_set<double> numbers_;
  std::unordered_set<int> numbers_of_booleans_;
  std::vector<Value> others_;
};

Outcome distinct(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_array() || Items(arguments[0]).size() <= 1) return arguments[0];
  Arena& arena = evaluator.arena();
  Array* found = arena.make<Array>();
  found->sequence = arguments[0].is_sequence();
  Seen seen(evaluator);
  const Items items(arguments[0]);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    if (JSONATA_TRY(seen.is_new(item))) found->push(arena, item);
  }
  return Value(found);
}

Outcome zip(Evaluator& evaluator, Arguments arguments) {
  Arena& arena = evaluator.arena();
  Array* zipped = arena.make<Array>();
  std::size_t length = arguments.size() == 0 ? 0 : static_cast<std::size_t>(-1);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    length = std::min(length, arguments[i].is_array() ? Items(arguments[i]).size() : 0);
  }
  for (std::size_t row = 0; row < length; ++row) {
    JSONATA_CHECK(check_room(evaluator, arguments.size()));
    Array* tuple = arena.make<Array>();
    for (std::size_t i = 0; i < arguments.size(); ++i) tuple->push(arena, Items(arguments[i])[row]);
    zipped->push(arena, Value(tuple));
  }
  return Value(zipped);
}

constexpr std::array kFunctions{
    NativeFunction{"append", "<xx:a>", 2, append_values}, NativeFunction{"sort", "<af?:a>", 2, sort},
    NativeFunction{"reverse", "<a:a>", 1, reverse},       NativeFunction{"shuffle", "<a:a>", 1, shuffle},
    NativeFunction{"distinct", "<x:x>", 1, distinct},     NativeFunction{"zip", "<a+>", 0, zip},
};

}  // namespace

std::span<const NativeFunction> array_functions() { return kFunctions; }

}  // namespace lamplighter::jsonata
