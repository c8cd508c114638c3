// An event as a history shows it, for tests that tell a run's story.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/core/event.h"

namespace lamplighter::engine {

/// `type` as Step Functions names it; `details` with the text that flows among them.
inline Event event_of(std::string_view type, json::object details) {
  Event event;
  event.type = parse_event_type(type).value();
  if (const auto* flowing = details.if_contains(payload_key(event.type))) {
    event.payload = std::make_shared<const std::string>(flowing->as_string());
    details.erase(payload_key(event.type));
  }
  event.details = std::move(details);
  return event;
}

}  // namespace lamplighter::engine
