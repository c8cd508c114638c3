// What Step Functions adds to JSONata: $partition, $range, $hash, $random, $uuid, $parse.
#include <array>
#include <cmath>

#include "base/hash.h"
#include "base/uuid.h"
#include "jsonata/evaluate/evaluator.h"
#include "jsonata/evaluate/json_text.h"
#include "jsonata/evaluate/operators.h"
#include "jsonata/functions/functions.h"

namespace lamplighter::jsonata {
namespace {

// [1,2,3,4,5] in chunks of 2: [[1,2],[3,4],[5]].
Outcome partition(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_array() || !arguments[1].is_number()) return Value();
  const double size = std::floor(arguments[1].number());
  if (!(size >= 1)) return evaluator.fail("T0410", arguments[1], 2);
  Arena& arena = evaluator.arena();
  const Items items(arguments[0]);
  Array* chunks = arena.make<Array>();
  Array* chunk = nullptr;
  for (std::size_t i = 0; i < items.size(); ++i) {
    JSONATA_CHECK(evaluator.tick());
    if (chunk == nullptr || static_cast<double>(chunk->size()) >= size) {
      chunk = arena.make<Array>();
      chunks->push(arena, Value(chunk));
    }
    chunk->push(arena, items[i]);
  }
  return Value(chunks);
}

// From the first number to the last, inclusive, by steps of the third; fractions are cut off. A sequence: one
// number alone is that number.
Outcome range(Evaluator& evaluator, Arguments arguments) {
  constexpr double kMost = 1e7;
  if (!arguments[0].is_number() || !arguments[1].is_number()) return Value();
  std::array<double, 3> whole{0, 0, 1};
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (!arguments[i].is_number()) continue;
    whole[i] = std::trunc(arguments[i].number()) + 0.0;  // never -0
    if (!std::isfinite(whole[i])) return evaluator.fail("T0410", arguments[i], i + 1);
  }
  const auto [first, last, step] = whole;
  if (step == 0) return evaluator.fail("T0410", arguments[2], 3);
  Arena& arena = evaluator.arena();
  Array* numbers = make_sequence(arena);
  const double count = std::floor((last - first) / step) + 1;
  if (!(count > 0)) return Value(numbers);
  if (count > kMost) return evaluator.fail("D2014", Value(count));
  numbers->reserve(arena, static_cast<std::size_t>(count));
  for (double i = 0; i < count; ++i) numbers->push(arena, Value(first + i * step));
  return Value(numbers);
}

// Lower-case hexadecimal of the digest.
Outcome hash(Evaluator& evaluator, Arguments arguments) {
  if (arguments[0].is_undefined() || !arguments[1].is_string()) return Value();
  const Value text = JSONATA_TRY(to_text(arguments[0], evaluator));
  const auto bytes = digest(arguments[1].string(), text.string());
  if (!bytes) return evaluator.fail("T0410", arguments[1], 2);
  return Value(evaluator.arena().copy(to_hex(*bytes)));
}

// The first double of java.util.Random(seed): a 48-bit linear congruential generator, 26 and 27 bits of which
// make the number.
double java_random(double seed) {
  constexpr std::uint64_t kMultiplier = 0x5DEECE66DU;
  constexpr std::uint64_t kMask = (std::uint64_t{1} << 48U) - 1;
  std::uint64_t state = (static_cast<std::uint64_t>(static_cast<std::int64_t>(seed)) ^ kMultiplier) & kMask;
  const auto next = [&state](unsigned bits) {
    state = (state * kMultiplier + 0xBU) & kMask;
    return state >> (48U - bits);
  };
  const std::uint64_t high = next(26);
  return static_cast<double>((high << 27U) + next(27)) * 0x1.0p-53;
}

Outcome random(Evaluator& evaluator, Arguments arguments) {
  constexpr double kLargestSeed = 9223372036854774784.0;  // the largest double in 64 bits
  if (!arguments[0].is_number()) return Value(evaluator.random().uniform());
  const double seed = std::trunc(arguments[0].number());
  if (!(std::fabs(seed) <= kLargestSeed)) return evaluator.fail("T0410", arguments[0], 1);
  return Value(java_random(seed));
}

Outcome uuid(Evaluator& evaluator, Arguments) {
  const std::uint64_t high = evaluator.random().next();
  return Value(evaluator.arena().copy(make_uuid(high, evaluator.random().next())));
}

Outcome parse(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  const std::string_view text = arguments[0].string();
  if (!evaluator.arena().has_room(text.size())) return evaluator.fail(kByteLimit);
  auto document = read_json_text(text);
  if (document) return evaluator.adopt(*std::move(document));
  Failure failure;
  failure.code = "D3121";
  failure.value = arguments[0];
  return fail(evaluator.arena(), failure);
}

constexpr std::array kFunctions{
    NativeFunction{"partition", "<an:a>", 2, partition},
    NativeFunction{"range", "<nnn?:a>", 3, range},
    NativeFunction{"hash", "<xs:s>", 2, hash},
    NativeFunction{"random", "<n?:n>", 1, random},
    NativeFunction{"uuid", "<:s>", 0, uuid},
    NativeFunction{"parse", "<s-:x>", 1, parse},
};

}  // namespace

std::span<const NativeFunction> step_functions() { return kFunctions; }

}  // namespace lamplighter::jsonata
