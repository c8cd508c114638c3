// $now, $millis, $fromMillis, $toMillis.
#include <array>
#include <cmath>

#include "jsonata/evaluate/evaluator.h"
#include "jsonata/functions/functions.h"
#include "jsonata/pictures/date_picture.h"

namespace lamplighter::jsonata {
namespace {

constexpr std::string_view kIsoPicture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";

double now_of(Evaluator& evaluator) {
  return static_cast<double>(evaluator.environment().now.time_since_epoch().count());
}

Outcome format(Evaluator& evaluator, double milliseconds, Value picture, Value zone) {
  Arena& arena = evaluator.arena();
  const std::string_view how = picture.is_string() ? picture.string() : kIsoPicture;
  const std::string_view where = zone.is_string() ? zone.string() : std::string_view();
  return Value(arena.copy(JSONATA_TRY(format_date(milliseconds, how, where, arena))));
}

Outcome now(Evaluator& evaluator, Arguments arguments) {
  return format(evaluator, now_of(evaluator), arguments[0], arguments[1]);
}

Outcome millis(Evaluator& evaluator, Arguments) { return Value(now_of(evaluator)); }

Outcome from_millis(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_number()) return Value();
  return format(evaluator, arguments[0].number(), arguments[1], arguments[2]);
}

Outcome to_millis(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  Arena& arena = evaluator.arena();
  const std::string_view text = arguments[0].string();
  if (!arguments[1].is_string()) return Value(JSONATA_TRY(parse_iso_date(text, arena)));
  const auto time = JSONATA_TRY(parse_date(text, arguments[1].string(), now_of(evaluator), arena));
  return time ? Value(*time) : Value();
}

constexpr std::array kFunctions{
    NativeFunction{"now", "<s?s?:s>", 2, now},
    NativeFunction{"millis", "<:n>", 0, millis},
    NativeFunction{"fromMillis", "<n-s?s?:s>", 3, from_millis},
    NativeFunction{"toMillis", "<s-s?:n>", 2, to_millis},
};

}  // namespace

std::span<const NativeFunction> date_functions() { return kFunctions; }

}  // namespace lamplighter::jsonata
