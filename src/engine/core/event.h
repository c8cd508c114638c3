// One entry of an execution's history, and the two forms in which it is kept: Step Functions' own JSON
// (GetExecutionHistory) and the engine's record, which also holds what a rebuild needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engine/core/event_type.h"
#include "engine/core/payload.h"
#include "json/json.h"

namespace lamplighter::engine {

/// Plain data. Ids count from 1 without gaps. An event with id 0 is a note: only the engine reads it.
struct Event {
  std::int64_t id = 0;
  std::int64_t previous_id = 0;  ///< the event that led to this one; 0 for the first two
  Time time{};
  EventType type = EventType::execution_started;
  json::object details;  ///< what stands under the type's "…EventDetails", without lists and the payload
  SharedText payload;    ///< the JSON text that flows (payload_key()); null where there is none
  std::uint32_t strand =
      0;              ///< which thread of control it belongs to: 0 the top level, else a branch or iteration
  json::object note;  ///< what a rebuild needs besides: due moments, counts; empty for most

  [[nodiscard]] bool is_note() const { return id == 0; }
};

/// As GetExecutionHistory gives it: {timestamp (RFC 3339 text), type, id, previousEventId, …EventDetails}.
json::object to_history_json(const Event& event);

/// Reads that, also with the time as seconds since 1970; the strand, which it doesn't say, is 0. nullopt for
/// what is no event, or of a type that this engine doesn't have.
std::optional<Event> read_history_json(const json::value& event);

/// Events as the store keeps them, and back. Error: internal "DatabaseCorrupted".
std::string write_records(const std::vector<Event>& events);
Result<std::vector<Event>> read_records(std::string_view records);

}  // namespace lamplighter::engine
