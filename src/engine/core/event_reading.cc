#include "engine/core/event_reading.h"

#include <stdexcept>

namespace lamplighter::engine {

Payload parse_payload(std::string_view text) {
  auto read = read_payload(text);
  if (!read) throw std::runtime_error(read.error().message);
  return *std::move(read);
}

Payload take(const Payload& payload, const Event& event) {
  if (payload) return payload;
  if (!event.payload) throw std::runtime_error("a payload is missing");
  return share_payload(event.payload, nullptr);
}

void read_late(Payload& payload) {
  if (payload && payload->value.is_null() && payload->text != "null") payload = parse_payload(payload->text);
}

Time time_of(const json::value& value) { return Time{Duration{value.to_number<std::int64_t>()}}; }

Time steady_time_of(const Event& event) {
  const auto* steady = event.note.if_contains("steady");
  return steady ? time_of(*steady) : event.time;
}

std::string text_of(const json::value& value) { return std::string(value.as_string()); }

std::optional<std::string> optional_text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value ? std::optional(text_of(*value)) : std::nullopt;
}

std::optional<std::int64_t> optional_number(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value ? std::optional(value->to_number<std::int64_t>()) : std::nullopt;
}

}  // namespace lamplighter::engine
