// What the fold reads from an event. All of it throws (std::exception) where an event is not as the engine
// writes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "engine/core/event.h"
#include "engine/core/payload.h"
#include "json/json.h"

namespace lamplighter::engine {

/// A payload from its text.
Payload parse_payload(std::string_view text);

/// The payload that a live event's maker has at hand, else the event's text: read_late() reads it.
Payload take(const Payload& payload, const Event& event);

/// Reads what take() left unread.
void read_late(Payload& payload);

Time time_of(const json::value& value);

/// An event's moment on the engine's timeline.
Time steady_time_of(const Event& event);

std::string text_of(const json::value& value);
std::optional<std::string> optional_text(const json::object& object, std::string_view key);
std::optional<std::int64_t> optional_number(const json::object& object, std::string_view key);

}  // namespace lamplighter::engine
