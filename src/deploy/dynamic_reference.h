// CloudFormation's dynamic references: "{{resolve:ssm:/x}}" in any text of a template is replaced by what it
// refers to, after Fn::Join and Fn::Sub have put texts together, and nothing escapes it. A tag that holds one
// means it literally.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"

namespace lamplighter::deploy {

bool holds_reference(std::string_view text);

/// The same JSON text, in which no reference stands: its first brace is escaped.
std::string without_references(std::string json_text);

/// Error: bad_input "DynamicReference", which names the first text of the template that holds one.
Status check_no_reference(const json::value& made);

}  // namespace lamplighter::deploy
