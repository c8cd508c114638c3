// $number, $abs, $floor, $ceil, $round, $sqrt, $power, $random.
#include <array>
#include <cmath>
#include <cstdlib>

#include "json/number_text.h"
#include "jsonata/evaluate/evaluator.h"
#include "jsonata/functions/functions.h"
#include "jsonata/pictures/rounding.h"

namespace lamplighter::jsonata {
namespace {

bool all_digits(std::string_view text, std::string_view digits) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

// 0x…, 0o… and 0b…; NaN where it is none of them.
double prefixed_number(std::string_view text) {
  if (text.size() < 3 || text[0] != '0') return std::nan("");
  const std::string digits(text.substr(2));
  int radix = 0;
  if ((text[1] == 'x' || text[1] == 'X') && all_digits(digits, "0123456789abcdefABCDEF")) radix = 16;
  if ((text[1] == 'o' || text[1] == 'O') && all_digits(digits, "01234567")) radix = 8;
  if ((text[1] == 'b' || text[1] == 'B') && all_digits(digits, "01")) radix = 2;
  if (radix == 0) return std::nan("");
  double number = 0;
  for (const char c : digits) {
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    number = number * radix + digit;
  }
  return number;
}

Outcome number(Evaluator& evaluator, Arguments arguments) {
  const Value value = arguments[0];
  if (value.is_undefined() || value.is_number()) return value;
  if (value.is_boolean()) return Value(value.boolean() ? 1.0 : 0.0);
  if (value.is_string()) {
    const auto decimal = text_to_number(value.string());
    if (decimal && std::isfinite(*decimal)) return Value(*decimal);
    const double prefixed = prefixed_number(value.string());
    if (!std::isnan(prefixed)) return Value(prefixed);
  }
  return evaluator.fail("D3030", value, 1);
}

template <double (*apply)(double)>
Outcome unary(Evaluator&, Arguments arguments) {
  if (!arguments[0].is_number()) return Value();
  return Value(apply(arguments[0].number()));
}

double absolute(double x) { return std::fabs(x); }
double floor_of(double x) { return std::floor(x); }
double ceiling_of(double x) { return std::ceil(x); }

Outcome round(Evaluator&, Arguments arguments) {
  if (!arguments[0].is_number()) return Value();
  const double precision = arguments[1].is_number() ? arguments[1].number() : 0;
  return Value(round_half_even(arguments[0].number(), precision));
}

Outcome square_root(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_number()) return Value();
  if (arguments[0].number() < 0) return evaluator.fail("D3060", arguments[0], 1);
  return Value(std::sqrt(arguments[0].number()));
}

Outcome power(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_number()) return Value();
  const double exponent = arguments[1].is_number() ? arguments[1].number() : std::nan("");
  const double result = std::pow(arguments[0].number(), exponent);
  // To JavaScript, 1 to the power of what is no number is no number either.
  if (std::isfinite(result) && std::isfinite(exponent)) return Value(result);
  Failure failure;
  failure.code = "D3061";
  failure.value = arguments[0];
  failure.value2 = arguments[1];
  failure.index = 1;
  return fail(evaluator.arena(), failure);
}

constexpr std::array kFunctions{
    NativeFunction{"number", "<(nsb)-:n>", 1, number},
    NativeFunction{"abs", "<n-:n>", 1, unary<absolute>},
    NativeFunction{"floor", "<n-:n>", 1, unary<floor_of>},
    NativeFunction{"ceil", "<n-:n>", 1, unary<ceiling_of>},
    NativeFunction{"round", "<n-n?:n>", 2, round},
    NativeFunction{"sqrt", "<n-:n>", 1, square_root},
    NativeFunction{"power", "<n-n:n>", 2, power},
};

}  // namespace

std::span<const NativeFunction> number_functions() { return kFunctions; }

}  // namespace lamplighter::jsonata
