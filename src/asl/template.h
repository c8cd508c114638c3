// A JSON value in which text of the form "{% … %}" stands for a JSONata expression's value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"
#include "jsonata/jsonata.h"

namespace lamplighter::asl {

/// One expression of a definition, compiled.
struct Expression {
  std::string text;      ///< without the "{%" and "%}"
  std::string location;  ///< the field in its state, as EvaluationFailed names it: "Output/result"
  jsonata::Expression program;
  bool uses_states = true;   ///< whether it may look at $states
  bool uses_context = true;  ///< whether it may look at $states.context
};

/// Immutable once parsed. Either a literal, an expression, or an array or object that holds some expression.
struct Template {
  enum class Kind { literal, expression, array, object };
  Kind kind = Kind::literal;
  json::value literal;
  std::vector<Expression> expression;  ///< one element when kind is expression
  std::vector<Template> items;         ///< of an array; of an object its values
  std::vector<std::string> keys;       ///< of an object, in the order of its values

  [[nodiscard]] bool is_literal() const { return kind == Kind::literal; }
};

/// The text between "{%" and "%}", trimmed; nullopt where `text` is no expression.
std::optional<std::string_view> expression_text(std::string_view text);

/// What is wrong with an expression, or with a text that may have been meant as one.
struct TemplateError {
  std::string field;  ///< below the template's root: "/result", "[1]"
  std::string code;   ///< of a Diagnostic
  std::string message;
  bool rule = false;  ///< it is refused, but would run
};

/// What $states has beside input and context where a template stands.
struct StatesScope {
  bool result = false;
  bool error_output = false;
};

/// Compiles `value`. `location` is the root's name in EvaluationFailed events. Appends to `errors` what does
/// not compile and what reads values that are not there.
Template parse_template(const json::value& value, const std::string& location, StatesScope scope,
                        std::vector<TemplateError>& errors);

/// A template without expressions.
Template literal_template(json::value value);

}  // namespace lamplighter::asl
