#include "deploy/dynamic_reference.h"

#include <fmt/format.h>

namespace lamplighter::deploy {
namespace {

constexpr std::string_view kBegin = "{{resolve:";

Status check(std::string_view text) {
  if (!holds_reference(text)) return {};
  return fail(ErrorKind::bad_input, "DynamicReference",
              fmt::format("found \"{}\", expected no text with \"{}\": CloudFormation would replace it", text,
                          kBegin));
}

}  // namespace

bool holds_reference(std::string_view text) { return text.find(kBegin) != std::string_view::npos; }

std::string without_references(std::string json_text) {
  constexpr std::string_view kEscaped = "\\u007b";
  for (auto at = json_text.find(kBegin); at != std::string::npos; at = json_text.find(kBegin, at)) {
    json_text.replace(at, 1, kEscaped);
  }
  return json_text;
}

Status check_no_reference(const json::value& made) {
  if (const auto* text = made.if_string()) return check(*text);
  if (const auto* array = made.if_array()) {
    for (const auto& item : *array) CHECK_OK(check_no_reference(item));
  }
  if (const auto* object = made.if_object()) {
    for (const auto& member : *object) {
      CHECK_OK(check(member.key()));
      CHECK_OK(check_no_reference(member.value()));
    }
  }
  return {};
}

}  // namespace lamplighter::deploy
