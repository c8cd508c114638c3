#include "asl/template.h"

#include <algorithm>

#include <fmt/format.h>

namespace lamplighter::asl {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Whether every "$states" in `text` is followed by a member other than context.
bool spares_context(std::string_view text) {
  constexpr std::string_view kStates = "$states";
  for (auto at = text.find(kStates); at != std::string_view::npos; at = text.find(kStates, at + 1)) {
    const std::string_view rest = text.substr(at + kStates.size());
    if (!rest.starts_with(".input") && !rest.starts_with(".result") && !rest.starts_with(".errorOutput")) {
      return false;
    }
  }
  return true;
}

class TemplateParser {
 public:
  TemplateParser(const std::string& location, StatesScope scope, std::vector<TemplateError>& errors)
      : location_(location), scope_(scope), errors_(errors) {}

  Template parse(const json::value& value, const std::string& field) {
    if (const auto* text = value.if_string()) return parse_text(*text, field);
    if (const auto* array = value.if_array()) return parse_array(*array, field);
    if (const auto* object = value.if_object()) return parse_object(*object, field);
    return literal_template(value);
  }

 private:
  Template parse_text(const json::string& text, const std::string& field) {
    const auto inner = expression_text({text.data(), text.size()});
    if (!inner) return parse_literal(text, field);
    auto program = jsonata::Expression::parse(*inner);
    if (!program) {
      const auto& error = program.error();
      invalid(field, fmt::format("{} ({}, at character {})", error.message, error.code, error.position));
      return {};
    }
    check_references(*program, field);
    Template out;
    out.kind = Template::Kind::expression;
    out.expression.push_back(Expression{std::string(*inner), location_ + field, *std::move(program),
                                        contains(*inner, "$states"), !spares_context(*inner)});
    return out;
  }

  Template parse_literal(const json::string& text, const std::string& field) {
    if (text.starts_with("{%") || text.ends_with("%}"))
      refuse(field, "INVALID_JSONATA_EXPRESSION", "An expression must start with '{%' and end with '%}'");
    return literal_template(text);
  }

  /// An expression has no input: only variables, $states among them, and what it makes itself.
  void check_references(const jsonata::Expression& program, const std::string& field) {
    const auto found = program.references();
    for (const auto& name : found.context)
      unsupported(field, fmt::format("Reference to '{}' at the top level is not supported.", name));
    if (found.root) unsupported(field, "Reference to '$$' is not supported.");
    for (const auto& [member, is_there] :
         {std::pair("result", scope_.result), std::pair("errorOutput", scope_.error_output)}) {
      if (!is_there && found.members.contains({"states", member}))
        unsupported(field, fmt::format("Field '$states.{}' does not exist.", member));
    }
  }

  void invalid(const std::string& field, std::string message) {
    errors_.push_back({field, "INVALID_JSONATA_EXPRESSION", std::move(message), false});
  }
  void unsupported(const std::string& field, std::string message) {
    refuse(field, "UNSUPPORTED_JSONATA_EXPRESSION", std::move(message));
  }
  void refuse(const std::string& field, std::string code, std::string message) {
    errors_.push_back({field, std::move(code), std::move(message), true});
  }

  Template parse_array(const json::array& array, const std::string& field) {
    Template out;
    out.kind = Template::Kind::array;
    for (std::size_t i = 0; i < array.size(); ++i)
      out.items.push_back(parse(array[i], fmt::format("{}[{}]", field, i)));
    return is_all_literal(out) ? literal_template(array) : out;
  }

  Template parse_object(const json::object& object, const std::string& field) {
    Template out;
    out.kind = Template::Kind::object;
    for (const auto& member : object) {
      out.keys.emplace_back(member.key());
      out.items.push_back(parse(member.value(), fmt::format("{}/{}", field, out.keys.back())));
    }
    return is_all_literal(out) ? literal_template(object) : out;
  }

  static bool is_all_literal(const Template& parsed) {
    return std::all_of(parsed.items.begin(), parsed.items.end(),
                       [](const auto& item) { return item.is_literal(); });
  }

  const std::string& location_;
  StatesScope scope_;
  std::vector<TemplateError>& errors_;
};

}  // namespace

std::optional<std::string_view> expression_text(std::string_view text) {
  if (text.size() < 4 || !text.starts_with("{%") || !text.ends_with("%}")) return std::nullopt;
  text = text.substr(2, text.size() - 4);
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return std::string_view{};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

Template parse_template(const json::value& value, const std::string& location, StatesScope scope,
                        std::vector<TemplateError>& errors) {
  return TemplateParser(location, scope, errors).parse(value, "");
}

Template literal_template(json::value value) {
  Template out;
  out.literal = std::move(value);
  return out;
}

}  // namespace lamplighter::asl
