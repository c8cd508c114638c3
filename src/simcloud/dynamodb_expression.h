// As much of DynamoDB's expression language as conditional writes and queries of a key need: terms, joined by
// AND.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simcloud/answer.h"

namespace lamplighter::simcloud {

/// attribute_exists(name), attribute_not_exists(name), name = value, begins_with(name, value).
struct Term {
  enum class Kind { exists, not_exists, equals, begins_with };
  Kind kind{};
  std::string name;    ///< of an attribute
  json::object value;  ///< {"S": "…"}
};

/// The terms of the expression that is a call's `member`; none where it is missing. Names and values are
/// looked up in its ExpressionAttributeNames and ExpressionAttributeValues, all of which must be used. Error:
/// ValidationException.
tl::expected<std::vector<Term>, ApiError> read_expression(std::string_view member, const json::object& body);

/// Whether an item ({name: {type: value}}) meets all of them.
bool holds(const std::vector<Term>& terms, const json::object& item);

}  // namespace lamplighter::simcloud
