// Operators and conversions over values that need no scope: arithmetic, comparison, truth, text.
#pragma once

#include "jsonata/evaluate/value.h"
#include "jsonata/failure.h"
#include "jsonata/syntax/ast.h"

namespace lamplighter::jsonata {

class Evaluator;

/// Applies any operator but `and` and `or`. The failure has no position yet.
Outcome apply_operator(Operator op, Value left, Value right, Evaluator& evaluator);

/// Whether the value counts as true ($boolean); undefined does not. Errors: D1001, limits.
Attempt<bool> truth(Value value, Evaluator& evaluator);

/// What JavaScript takes for true: all but undefined, null, false, zero, NaN and "".
bool truthy(Value value);

/// Whether a number may take part in arithmetic; D1001 where it is infinite.
Attempt<bool> is_numeric(Value value, Arena& arena);

/// Equal in depth.
Attempt<bool> equal(Value left, Value right, Evaluator& evaluator);

/// The value as text ($string).
Outcome to_text(Value value, Evaluator& evaluator, bool indented = false);

/// Two texts joined; a pair of surrogates that meets becomes one character.
Value concatenate(std::string_view left, std::string_view right, Arena& arena);

/// `values` (an array or one value) added to a copy of the array or value `to` ($append).
Value append(Value to, Value values, Arena& arena);

/// The member `key` of an object, or of each object in an array ($lookup).
Outcome lookup_member(Value input, std::string_view key, Evaluator& evaluator, std::size_t depth = 0);

}  // namespace lamplighter::jsonata
