#include "asl/fields.h"

#include <fmt/format.h>

namespace lamplighter::asl {
namespace {

std::string_view type_name(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "a boolean";
    case json::kind::string:
      return "text";
    case json::kind::array:
      return "an array";
    case json::kind::object:
      return "an object";
    default:
      return "a number";
  }
}

bool is_expression(const json::value& value) {
  const auto* text = value.if_string();
  return text && expression_text({text->data(), text->size()});
}

std::optional<std::int64_t> whole(const json::value& value) {
  if (!value.is_number()) return std::nullopt;
  boost::system::error_code error;
  const auto number = value.to_number<std::int64_t>(error);
  if (error) return std::nullopt;
  return number;
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

const json::value* Fields::get(std::string_view key) {
  known_.emplace(key);
  return object_.if_contains(key);
}

const json::value* Fields::need(std::string_view key) {
  const auto* value = get(key);
  if (!value) invalid(fmt::format("These fields are required: [{}]", key));
  return value;
}

std::optional<std::string> Fields::text(std::string_view key, bool needed) {
  const auto* value = needed ? need(key) : get(key);
  if (!value) return std::nullopt;
  if (const auto* text = value->if_string()) return std::string(text->data(), text->size());
  wrong_type(key, "text");
  return std::nullopt;
}

std::optional<bool> Fields::truth(std::string_view key) {
  const auto* value = get(key);
  if (!value) return std::nullopt;
  if (const auto* truth = value->if_bool()) return *truth;
  wrong_type(key, "a boolean");
  return std::nullopt;
}

std::optional<std::int64_t> Fields::number(std::string_view key, std::int64_t low, std::int64_t high) {
  const auto* value = get(key);
  if (!value) return std::nullopt;
  const auto number = whole(*value);
  if (number && *number >= low && *number <= high) return number;
  invalid(fmt::format("Found {}, expected a whole number from {} to {}",
                      value->is_number() ? json_text(*value) : std::string(type_name(*value)), low, high),
          key);
  return std::nullopt;
}

const json::object* Fields::object(std::string_view key, bool needed) {
  const auto* value = needed ? need(key) : get(key);
  if (value && !value->is_object()) wrong_type(key, "an object");
  return value ? value->if_object() : nullptr;
}

const json::array* Fields::array(std::string_view key, bool needed) {
  const auto* value = needed ? need(key) : get(key);
  if (value && !value->is_array()) wrong_type(key, "an array");
  return value ? value->if_array() : nullptr;
}

std::optional<Template> Fields::any(std::string_view key, bool jsonata, const std::string& name) {
  const auto* value = get(key);
  if (!value) return std::nullopt;
  if (!jsonata) {
    if (const auto path = path_key(*value)) {
      invalid(fmt::format("The field '{}' belongs to the JSONPath dialect, which does not run here; set "
                          "\"QueryLanguage\": \"JSONata\" and write a \"{{% … %}}\" expression",
                          *path),
              key);
    }
    return literal_template(*value);
  }
  std::vector<TemplateError> errors;
  auto out = parse_template(*value, name.empty() ? std::string(key) : name, errors);
  for (auto& problem : errors) invalid(std::move(problem.message), std::string(key) + problem.field);
  return out;
}

std::optional<Template> Fields::number_or_expression(std::string_view key, bool jsonata, std::int64_t low,
                                                     std::int64_t high) {
  const auto* value = get(key);
  if (!value) return std::nullopt;
  if (jsonata && is_expression(*value)) return any(key, true);
  const auto found = number(key, low, high);
  if (!found) return std::nullopt;
  return literal_template(*found);
}

std::optional<Template> Fields::text_or_expression(std::string_view key, bool jsonata) {
  const auto* value = get(key);
  if (!value) return std::nullopt;
  if (value->is_string()) return jsonata ? any(key, true) : literal_template(*value);
  wrong_type(key, "text");
  return std::nullopt;
}

void Fields::error(std::string code, std::string message, std::string_view field) {
  diagnostics_.push_back({Diagnostic::Severity::error, std::move(code), std::move(message), at(field)});
}

void Fields::warning(std::string code, std::string message, std::string_view field) {
  diagnostics_.push_back({Diagnostic::Severity::warning, std::move(code), std::move(message), at(field)});
}

std::set<std::string> Fields::unknown() const {
  std::set<std::string> out;
  for (const auto& member : object_) {
    if (!known_.contains(std::string_view(member.key()))) out.emplace(member.key());
  }
  return out;
}

std::string Fields::at(std::string_view field) const {
  return field.empty() ? location_ : fmt::format("{}/{}", location_, field);
}

void Fields::wrong_type(std::string_view key, std::string_view expected) {
  invalid(fmt::format("Found {}, expected {}", type_name(*object_.if_contains(key)), expected), key);
}

}  // namespace lamplighter::asl
