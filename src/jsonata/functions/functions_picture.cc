// $formatNumber, $formatBase, $formatInteger, $parseInteger.
#include <array>
#include <cmath>

#include "json/number_text.h"
#include "jsonata/evaluate/evaluator.h"
#include "jsonata/functions/functions.h"
#include "jsonata/pictures/integer_picture.h"
#include "jsonata/pictures/number_picture.h"
#include "jsonata/pictures/rounding.h"

namespace lamplighter::jsonata {
namespace {

std::string_view text_of(Value value) { return value.is_string() ? value.string() : std::string_view(); }

Outcome number(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_number()) return Value();
  Arena& arena = evaluator.arena();
  const auto text =
      JSONATA_TRY(format_number(arguments[0].number(), text_of(arguments[1]), arguments[2], arena));
  return Value(arena.copy(text));
}

Outcome base(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_number()) return Value();
  const double radix = arguments[1].is_number() ? round_half_even(arguments[1].number(), 0) : 10;
  if (!(radix >= 2 && radix <= 36)) return evaluator.fail("D3100", Value(radix));
  const double value = round_half_even(arguments[0].number(), 0);
  const std::string text =
      radix == 10 ? number_to_text(value) : integer_in_base(value, static_cast<int>(radix));
  return Value(evaluator.arena().copy(text));
}

Outcome integer(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_number()) return Value();
  Arena& arena = evaluator.arena();
  const IntegerFormat format = JSONATA_TRY(analyse_integer_picture(text_of(arguments[1]), arena));
  return Value(arena.copy(JSONATA_TRY(format_integer(std::floor(arguments[0].number()), format, arena))));
}

Outcome parse(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  Arena& arena = evaluator.arena();
  const IntegerFormat format = JSONATA_TRY(analyse_integer_picture(text_of(arguments[1]), arena));
  return Value(JSONATA_TRY(parse_integer(arguments[0].string(), format, arena)));
}

constexpr std::array kFunctions{
    NativeFunction{"formatNumber", "<n-so?:s>", 3, number},
    NativeFunction{"formatBase", "<n-n?:s>", 2, base},
    NativeFunction{"formatInteger", "<n-s:s>", 2, integer},
    NativeFunction{"parseInteger", "<s-s:n>", 2, parse},
};

}  // namespace

std::span<const NativeFunction> picture_functions() { return kFunctions; }

}  // namespace lamplighter::jsonata
