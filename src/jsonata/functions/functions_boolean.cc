// $boolean, $not, $exists, $type, $error, $assert.
#include <array>

#include "jsonata/evaluate/evaluator.h"
#include "jsonata/evaluate/operators.h"
#include "jsonata/functions/functions.h"

namespace lamplighter::jsonata {
namespace {

Outcome boolean(Evaluator& evaluator, Arguments arguments) {
  if (arguments[0].is_undefined()) return Value();
  return Value(JSONATA_TRY(truth(arguments[0], evaluator)));
}

Outcome negation(Evaluator& evaluator, Arguments arguments) {
  if (arguments[0].is_undefined()) return Value();
  return Value(!JSONATA_TRY(truth(arguments[0], evaluator)));
}

Outcome exists(Evaluator&, Arguments arguments) { return Value(!arguments[0].is_undefined()); }

Outcome type(Evaluator&, Arguments arguments) {
  static constexpr std::string_view kNames[] = {"",      "null",   "boolean",  "number", "string",
                                                "array", "object", "function", "object", "function"};
  if (arguments[0].is_undefined()) return Value();
  return Value(kNames[static_cast<std::size_t>(arguments[0].kind())]);
}

Outcome failure_with(Evaluator& evaluator, const char* code, Value message, std::string_view otherwise) {
  Failure failure;
  failure.code = code;
  failure.message = message.is_string() && !message.string().empty() ? message.string() : otherwise;
  return fail(evaluator.arena(), failure);
}

Outcome error(Evaluator& evaluator, Arguments arguments) {
  return failure_with(evaluator, "D3137", arguments[0], "$error() function evaluated");
}

Outcome assertion(Evaluator& evaluator, Arguments arguments) {
  if (arguments[0].is_boolean() && arguments[0].boolean()) return Value();
  return failure_with(evaluator, "D3141", arguments[1], "$assert() statement failed");
}

constexpr std::array kFunctions{
    NativeFunction{"boolean", "<x-:b>", 1, boolean}, NativeFunction{"not", "<x-:b>", 1, negation},
    NativeFunction{"exists", "<x:b>", 1, exists},    NativeFunction{"type", "<x:s>", 1, type},
    NativeFunction{"error", "<s?:x>", 1, error},     NativeFunction{"assert", "<bs?:x>", 2, assertion},
};

}  // namespace

std::span<const NativeFunction> boolean_functions() { return kFunctions; }

}  // namespace lamplighter::jsonata
