#include "asl/fields.h"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "json/reader.h"

namespace lamplighter::asl {
namespace {

bool is_expression(const json::value& value) {
  const auto* text = value.if_string();
  return text && expression_text({text->data(), text->size()});
}

/// The first key that ends in ".$", anywhere below `value`: the JSONPath dialect's mark of a path.
std::optional<std::string> path_key(const json::value& value) {
  if (const auto* array = value.if_array()) {
    for (const auto& item : *array) {
      if (auto found = path_key(item)) return found;
    }
  }
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      if (member.key().ends_with(".$")) return std::string(member.key());
      if (auto found = path_key(member.value())) return found;
    }
  }
  return std::nullopt;
}

}  // namespace

void Fields::require(std::initializer_list<std::string_view> keys) {
  std::vector<std::string_view> missing;
  for (const auto key : keys) {
    if (!get(key)) missing.push_back(key);
  }
  if (!missing.empty()) invalid(fmt::format("These fields are required: [{}]", fmt::join(missing, ", ")));
}

std::optional<std::string> Fields::text(std::string_view key) {
  const auto* value = get(key);
  if (!value) return std::nullopt;
  if (const auto* text = value->if_string()) return std::string(text->data(), text->size());
  wrong_type(key, "STRING");
  return std::nullopt;
}

std::optional<bool> Fields::truth(std::string_view key) {
  const auto* value = get(key);
  if (!value) return std::nullopt;
  if (const auto* truth = value->if_bool()) return *truth;
  wrong_type(key, "BOOLEAN");
  return std::nullopt;
}

template <class T>
bool Fields::is_within(std::string_view key, T number, T low, T high) {
  if (number < low) invalid(fmt::format("Minimum value is {}", low), key);
  if (number > high) invalid(fmt::format("Maximum value is {}", high), key);
  return number >= low && number <= high;
}

std::optional<std::int64_t> Fields::number(std::string_view key, std::int64_t low, std::int64_t high) {
  const auto* value = get(key);
  if (!value) return std::nullopt;
  const auto number = as_whole_number(*value);
  if (!number) wrong_type(key, "INTEGER");
  return number && is_within(key, *number, low, high) ? number : std::nullopt;
}

const json::object* Fields::object(std::string_view key) {
  const auto* value = get(key);
  if (value && !value->is_object()) wrong_type(key, "OBJECT");
  return value ? value->if_object() : nullptr;
}

const json::array* Fields::array(std::string_view key) {
  const auto* value = get(key);
  if (value && !value->is_array()) wrong_type(key, "ARRAY");
  return value ? value->if_array() : nullptr;
}

std::optional<Template> Fields::any(std::string_view key, bool jsonata, StatesScope scope,
                                    const std::string& name) {
  const auto* value = get(key);
  if (!value) return std::nullopt;
  if (!jsonata) {
    if (const auto path = path_key(*value)) {
      refuse(fmt::format("The field '{}' belongs to the JSONPath dialect, which does not run here; set "
                         "\"QueryLanguage\": \"JSONata\" and write a \"{{% … %}}\" expression",
                         *path),
             key);
    }
    return literal_template(*value);
  }
  std::vector<TemplateError> errors;
  auto out = parse_template(*value, name.empty() ? std::string(key) : name, scope, errors);
  for (auto& problem : errors) {
    error(std::move(problem.code), std::move(problem.message), std::string(key) + problem.field);
    diagnostics_.back().rule = problem.rule;
  }
  return out;
}

std::optional<Template> Fields::number_or_expression(std::string_view key, bool jsonata, std::int64_t low,
                                                     std::int64_t high) {
  const auto* value = get(key);
  if (value && jsonata && is_expression(*value)) return any(key, true);
  const auto found = number(key, low, high);
  return found ? std::optional(literal_template(*found)) : std::nullopt;
}

std::optional<Template> Fields::fraction_or_expression(std::string_view key, bool jsonata, double low,
                                                       double high) {
  const auto* value = get(key);
  if (!value) return std::nullopt;
  if (jsonata && is_expression(*value)) return any(key, true);
  if (!value->is_number()) {
    wrong_type(key, "NUMBER");
    return std::nullopt;
  }
  if (!is_within(key, value->to_number<double>(), low, high)) return std::nullopt;
  return literal_template(*value);
}

std::optional<Template> Fields::text_or_expression(std::string_view key, bool jsonata) {
  const auto* value = get(key);
  if (!value) return std::nullopt;
  if (value->is_string()) return jsonata ? any(key, true) : literal_template(*value);
  wrong_type(key, "STRING");
  return std::nullopt;
}

void Fields::error(std::string code, std::string message, std::string_view field) {
  diagnostics_.push_back({Diagnostic::Severity::error, std::move(code), std::move(message), at(field)});
}

void Fields::rule(std::string code, std::string message, std::string_view field) {
  error(std::move(code), std::move(message), field);
  diagnostics_.back().rule = true;
}

void Fields::refuse(std::string message, std::string_view field) {
  invalid(std::move(message), field);
  diagnostics_.back().ours = true;
}

std::string Fields::at(std::string_view field) const {
  if (field.empty()) return location_.empty() ? "/" : location_;
  return fmt::format("{}/{}", location_, field);
}

void Fields::wrong_type(std::string_view key, std::string_view expected) {
  invalid(fmt::format("Expected value of type [{}]", expected), key);
}

}  // namespace lamplighter::asl
