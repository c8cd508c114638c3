// A JSON value in which text of the form "{% … %}" stands for a JSONata expression's value.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "jsonata/jsonata.h"

namespace lamplighter::asl {

/// One expression of a definition, compiled.
struct Expression {
  std::string text;      ///< without the "{%" and "%}"
  std::string location;  ///< the field in its state, as EvaluationFailed names it: "Output/result"
  jsonata::Expression program;
  bool uses_context = true;  ///< whether it may look at $states.context
};

/// Immutable once parsed. Either a literal, an expression, or an array or object that holds some expression.
struct Template {
  enum class Kind { literal, expression, array, object };
  Kind kind = Kind::literal;
  json::value literal;
  std::vector<Expression> expression;  ///< one element when kind is expression
  std::vector<Template> items;
  std::vector<std::pair<std::string, Template>> members;

  [[nodiscard]] bool is_literal() const { return kind == Kind::literal; }
};

}  // namespace lamplighter::asl
