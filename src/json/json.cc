#include "json/json.h"

namespace lamplighter {

const json::value* find(const json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  return object ? object->if_contains(key) : nullptr;
}

std::string get_string(const json::value& value, std::string_view key, std::string_view fallback) {
  const auto* member = find(value, key);
  const auto* text = member ? member->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : std::string(fallback);
}

std::int64_t get_int(const json::value& value, std::string_view key, std::int64_t fallback) {
  const auto* member = find(value, key);
  if (!member || !member->is_number()) return fallback;
  boost::system::error_code error;
  const auto number = member->to_number<std::int64_t>(error);
  return error ? fallback : number;
}

bool get_bool(const json::value& value, std::string_view key, bool fallback) {
  const auto* member = find(value, key);
  const auto* truth = member ? member->if_bool() : nullptr;
  return truth ? *truth : fallback;
}

}  // namespace lamplighter
