// Reads the fields of one object of a definition, and notes every problem with its place.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "asl/diagnostic.h"
#include "asl/template.h"
#include "json/json.h"

namespace lamplighter::asl {

/// A view of one object: neither it nor the list of diagnostics is owned.
class Fields {
 public:
  Fields(const json::object& object, std::string location, Diagnostics& diagnostics)
      : object_(object), location_(std::move(location)), diagnostics_(diagnostics) {}

  /// The field, or nullptr.
  [[nodiscard]] const json::value* get(std::string_view key) const { return object_.if_contains(key); }
  /// Each of `keys` that is missing is an error.
  void require(std::initializer_list<std::string_view> keys);

  std::optional<std::string> text(std::string_view key);
  std::optional<bool> truth(std::string_view key);
  /// A whole number within [low, high].
  std::optional<std::int64_t> number(std::string_view key, std::int64_t low, std::int64_t high);
  const json::object* object(std::string_view key);
  const json::array* array(std::string_view key);

  /// Any JSON with expressions, or (not `jsonata`) without. `name` is the root's name in EvaluationFailed
  /// events.
  std::optional<Template> any(std::string_view key, bool jsonata, StatesScope scope = {},
                              const std::string& name = "");
  /// A whole number within [low, high] or an expression.
  std::optional<Template> number_or_expression(std::string_view key, bool jsonata, std::int64_t low,
                                               std::int64_t high);
  /// A number within [low, high] or an expression.
  std::optional<Template> fraction_or_expression(std::string_view key, bool jsonata, double low, double high);
  /// Text that may be an expression.
  std::optional<Template> text_or_expression(std::string_view key, bool jsonata);

  void error(std::string code, std::string message, std::string_view field = "");
  void invalid(std::string message, std::string_view field = "") {
    error("SCHEMA_VALIDATION_FAILED", std::move(message), field);
  }
  /// What is refused, but would run.
  void rule(std::string message, std::string_view field = "") {
    rule("SCHEMA_VALIDATION_FAILED", std::move(message), field);
  }
  void rule(std::string code, std::string message, std::string_view field);
  /// What the service accepts and only we do not.
  void refuse(std::string message, std::string_view field = "");

  [[nodiscard]] std::string at(std::string_view field) const;
  [[nodiscard]] const json::object& object() const { return object_; }

 private:
  void wrong_type(std::string_view key, std::string_view expected);
  /// Whether the number at `key` is within [low, high].
  template <class T>
  bool is_within(std::string_view key, T number, T low, T high);

  const json::object& object_;
  std::string location_;
  Diagnostics& diagnostics_;
};

}  // namespace lamplighter::asl
