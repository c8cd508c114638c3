// Templates → values, in the surroundings of one state.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "asl/template.h"
#include "base/clock.h"
#include "engine/core/payload.h"
#include "json/json.h"

namespace lamplighter::engine {

using Variables = std::map<std::string, Payload, std::less<>>;

/// "null", "boolean", "number", … as the service's messages name them.
std::string_view type_name(const json::value& value);

/// Why an expression has no usable value. `message` is the part of the service's cause that starts with "The
/// JSONata expression".
struct EvaluationFailure {
  std::string location;
  std::string message;
};
template <class T>
using Evaluated = tl::expected<T, EvaluationFailure>;

/// What an expression sees. What is pointed to must outlive the evaluations.
struct Surroundings {
  const json::value* input = nullptr;
  const json::value* result = nullptr;        ///< nullptr: there is none
  const json::value* error_output = nullptr;  ///< nullptr: there is none
  std::function<json::value()> context;       ///< made only when an expression may look at it
  std::vector<const Variables*> variables;    ///< outermost first
  Time now{};
  std::uint64_t seed = 0;
};

/// Evaluates the templates of one state at one moment. For one thread.
class Evaluator {
 public:
  explicit Evaluator(Surroundings surroundings);

  Evaluated<json::value> evaluate(const asl::Template& part);

  /// The same, where a certain type is needed.
  Evaluated<json::array> array(const asl::Template& part, std::string_view field);
  Evaluated<bool> truth(const asl::Template& part, std::string_view field);
  Evaluated<std::string> text(const asl::Template& part, std::string_view field);
  /// A whole number within [low, high].
  Evaluated<std::int64_t> number(const asl::Template& part, std::string_view field, std::int64_t low,
                                 std::int64_t high);
  /// A number within [low, high].
  Evaluated<double> fraction(const asl::Template& part, std::string_view field, double low, double high);

 private:
  Evaluated<json::value> evaluate(const asl::Expression& expression);
  void provide_states(const asl::Expression& expression);

  Surroundings surroundings_;
  jsonata::Environment environment_;
  json::value states_;
  bool has_context_ = false;
  std::uint64_t evaluations_ = 0;
};

}  // namespace lamplighter::engine
