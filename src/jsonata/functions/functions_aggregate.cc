// $sum, $count, $max, $min, $average.
#include <algorithm>
#include <array>
#include <cmath>

#include "jsonata/evaluate/evaluator.h"
#include "jsonata/functions/functions.h"

namespace lamplighter::jsonata {
namespace {

template <class Combine>
double fold(const Items& items, double start, const Combine& combine) {
  double result = start;
  for (std::size_t i = 0; i < items.size(); ++i) result = combine(result, items[i].number());
  return result;
}

double total(const Items& items) {
  return fold(items, 0, [](double a, double b) { return a + b; });
}

Outcome sum(Evaluator&, Arguments arguments) {
  if (!arguments[0].is_array()) return Value();
  return Value(total(Items(arguments[0])));
}

Outcome count(Evaluator&, Arguments arguments) {
  if (!arguments[0].is_array()) return Value(0.0);
  return Value(static_cast<double>(Items(arguments[0]).size()));
}

Outcome average(Evaluator&, Arguments arguments) {
  if (!arguments[0].is_array() || Items(arguments[0]).empty()) return Value();
  const Items items(arguments[0]);
  return Value(total(items) / static_cast<double>(items.size()));
}

template <bool largest>
Outcome extreme(Evaluator&, Arguments arguments) {
  if (!arguments[0].is_array() || Items(arguments[0]).empty()) return Value();
  const Items items(arguments[0]);
  return Value(fold(items, items[0].number(), [](double a, double b) {
    if (std::isnan(a) || std::isnan(b)) return std::nan("");
    return largest ? std::max(a, b) : std::min(a, b);
  }));
}

constexpr std::array kFunctions{
    NativeFunction{"sum", "<a<n>:n>", 1, sum},           NativeFunction{"count", "<a:n>", 1, count},
    NativeFunction{"max", "<a<n>:n>", 1, extreme<true>}, NativeFunction{"min", "<a<n>:n>", 1, extreme<false>},
    NativeFunction{"average", "<a<n>:n>", 1, average},
};

}  // namespace

std::span<const NativeFunction> aggregate_functions() { return kFunctions; }

}  // namespace lamplighter::jsonata
