#include "engine/core/evaluate.h"

#include <cmath>

#include <fmt/format.h>

#include "engine/core/payload.h"

namespace lamplighter::engine {
namespace {

/// The steps are about a second's work, and the same on every machine. The time is for what does much in one
/// step, and generous: many expressions may share a processor.
constexpr jsonata::Limits kLimits{500, 5'000'000, std::chrono::milliseconds{10'000}, std::size_t{64} << 20};

std::string expression_of(const asl::Template& part) {
  return part.kind == asl::Template::Kind::expression ? part.expression.front().text
                                                      : json_text(part.literal);
}

tl::unexpected<EvaluationFailure> wrong_type(const asl::Template& part, std::string_view field,
                                             std::string_view expected, const json::value& found) {
  const auto& location =
      part.kind == asl::Template::Kind::expression ? part.expression.front().location : std::string(field);
  return tl::unexpected(EvaluationFailure{
      location,
      fmt::format(
          "The JSONata expression '{}' specified for the field '{}' returned an unexpected result type. "
          "Expected '{}', but was '{}' for value: {}",
          expression_of(part), location, expected, type_name(found), json_text(found))});
}

template <class T>
tl::unexpected<EvaluationFailure> out_of_range(const asl::Template& part, std::string_view field, T low,
                                               T high, const json::value& found) {
  return tl::unexpected(EvaluationFailure{
      std::string(field),
      fmt::format("The JSONata expression '{}' specified for the field '{}' returned a value outside of "
                  "the range from {} to {}: {}",
                  expression_of(part), field, low, high, json_text(found))});
}

std::optional<std::int64_t> whole(const json::value& value) {
  if (const auto* number = value.if_double();
      number && std::trunc(*number) == *number && std::abs(*number) < 9e15) {
    return static_cast<std::int64_t>(*number);
  }
  if (!value.is_number()) return std::nullopt;
  boost::system::error_code error;
  const auto number = value.to_number<std::int64_t>(error);
  if (error) return std::nullopt;
  return number;
}

}  // namespace

std::string_view type_name(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "boolean";
    case json::kind::string:
      return "string";
    case json::kind::array:
      return "array";
    case json::kind::object:
      return "object";
    default:
      return "number";
  }
}

Evaluator::Evaluator(Surroundings surroundings) : surroundings_(std::move(surroundings)) {
  environment_.now = surroundings_.now;
  environment_.limits = kLimits;
  for (const auto* scope : surroundings_.variables) {
    for (const auto& [name, value] : *scope) environment_.bindings.insert_or_assign(name, &value->value);
  }
}

Evaluated<json::value> Evaluator::evaluate(const asl::Template& part) {
  switch (part.kind) {
    case asl::Template::Kind::literal:
      return part.literal;
    case asl::Template::Kind::expression:
      return evaluate(part.expression.front());
    case asl::Template::Kind::array: {
      json::array out;
      out.reserve(part.items.size());
      for (const auto& item : part.items) out.push_back(TRY(evaluate(item)));
      return out;
    }
    case asl::Template::Kind::object: {
      json::object out;
      out.reserve(part.items.size());
      for (std::size_t i = 0; i < part.items.size(); ++i) {
        out.insert_or_assign(part.keys[i], TRY(evaluate(part.items[i])));
      }
      return out;
    }
  }
  return json::value{};
}

Evaluated<json::value> Evaluator::evaluate(const asl::Expression& expression) {
  provide_states(expression);
  environment_.seed = surroundings_.seed + ++evaluations_;
  auto value = expression.program.evaluate(nullptr, environment_);
  if (value && *value) return **std::move(value);
  const auto what = value ? std::string("returned nothing (undefined).")
                          : fmt::format("threw an error during evaluation. {}: {}", value.error().code,
                                        value.error().message);
  return tl::unexpected(EvaluationFailure{
      expression.location, fmt::format("The JSONata expression '{}' specified for the field '{}' {}",
                                       expression.text, expression.location, what)});
}

void Evaluator::provide_states(const asl::Expression& expression) {
  if (!expression.uses_states) return;
  if (states_.is_null()) {
    auto& states = states_.emplace_object();
    states["input"] = *surroundings_.input;
    if (surroundings_.result) states["result"] = *surroundings_.result;
    if (surroundings_.error_output) states["errorOutput"] = *surroundings_.error_output;
    environment_.bindings.insert_or_assign("states", &states_);
  }
  if (expression.uses_context && !has_context_) {
    has_context_ = true;
    states_.as_object()["context"] = surroundings_.context();
  }
}

Evaluated<json::array> Evaluator::array(const asl::Template& part, std::string_view field) {
  auto value = TRY(evaluate(part));
  if (!value.is_array()) return wrong_type(part, field, "array", value);
  return std::move(value.as_array());
}

Evaluated<bool> Evaluator::truth(const asl::Template& part, std::string_view field) {
  const auto value = TRY(evaluate(part));
  if (!value.is_bool()) return wrong_type(part, field, "boolean", value);
  return value.get_bool();
}

Evaluated<std::string> Evaluator::text(const asl::Template& part, std::string_view field) {
  const auto value = TRY(evaluate(part));
  if (!value.is_string()) return wrong_type(part, field, "string", value);
  return std::string(value.get_string());
}

Evaluated<std::int64_t> Evaluator::number(const asl::Template& part, std::string_view field, std::int64_t low,
                                          std::int64_t high) {
  const auto value = TRY(evaluate(part));
  const auto number = whole(value);
  if (!number) return wrong_type(part, field, "integer", value);
  if (*number < low || *number > high) return out_of_range(part, field, low, high, value);
  return *number;
}

Evaluated<double> Evaluator::fraction(const asl::Template& part, std::string_view field, double low,
                                      double high) {
  const auto value = TRY(evaluate(part));
  if (!value.is_number()) return wrong_type(part, field, "number", value);
  const auto number = value.to_number<double>();
  if (number < low || number > high) return out_of_range(part, field, low, high, value);
  return number;
}

}  // namespace lamplighter::engine
