// Reads the fields of one object of a definition, and notes every problem with its place.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "asl/diagnostic.h"
#include "asl/template.h"
#include "json/json.h"

namespace lamplighter::asl {

/// A view of one object: neither it nor the list of diagnostics is owned. Each field that is asked for counts
/// as known.
class Fields {
 public:
  Fields(const json::object& object, std::string location, Diagnostics& diagnostics)
      : object_(object), location_(std::move(location)), diagnostics_(diagnostics) {}

  /// The field, or nullptr.
  const json::value* get(std::string_view key);
  /// The same; its absence is an error.
  const json::value* need(std::string_view key);

  std::optional<std::string> text(std::string_view key, bool needed = false);
  std::optional<bool> truth(std::string_view key);
  /// A whole number within [low, high].
  std::optional<std::int64_t> number(std::string_view key, std::int64_t low, std::int64_t high);
  const json::object* object(std::string_view key, bool needed = false);
  const json::array* array(std::string_view key, bool needed = false);

  /// Any JSON with expressions, or (not `jsonata`) without. `name` is the root's name in EvaluationFailed
  /// events.
  std::optional<Template> any(std::string_view key, bool jsonata, const std::string& name = "");
  /// A whole number within [low, high] or an expression.
  std::optional<Template> number_or_expression(std::string_view key, bool jsonata, std::int64_t low,
                                               std::int64_t high);
  /// Text that may be an expression.
  std::optional<Template> text_or_expression(std::string_view key, bool jsonata);

  void error(std::string code, std::string message, std::string_view field = "");
  void invalid(std::string message, std::string_view field = "") {
    error("SCHEMA_VALIDATION_FAILED", std::move(message), field);
  }
  void warning(std::string code, std::string message, std::string_view field = "");

  /// Fields that stand here but were never asked for.
  [[nodiscard]] std::set<std::string> unknown() const;

  [[nodiscard]] std::string at(std::string_view field) const;
  [[nodiscard]] const std::string& location() const { return location_; }
  [[nodiscard]] Diagnostics& diagnostics() { return diagnostics_; }

 private:
  void wrong_type(std::string_view key, std::string_view expected);

  const json::object& object_;
  std::string location_;
  Diagnostics& diagnostics_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace lamplighter::asl
