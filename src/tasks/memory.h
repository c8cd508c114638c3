// What one look at a phase leaves for the next: the payload's `memory`.
#pragma once

#include <map>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/payload.h"

namespace lamplighter::tasks {

/// What is remembered of one server.
struct ServerMemory {
  std::string initial_state;  ///< when its environment was admitted
  bool accepted = false;  ///< the last request to start (stop) it was accepted, and has not come to nothing
  int troubles = 0;       ///< requests that were refused, or came to nothing
  Time asked_at{};        ///< when the last of them was made, by Clock::steady()
  bool hopeless = false;  ///< refused for good: not asked again
  int together = 0;       ///< how many a call has at most for its sake (batch.h); 0: any number
  std::string reason;     ///< what went wrong last; "" while all is well
};

struct AlarmMemory {
  int disabled = 0;
  bool finished = false;  ///< nothing is left to do about alarms
  bool took_over =
      false;           ///< some had been muted by an earlier execution, which may still give them their voice
  int troubles = 0;    ///< looks at which it did not work
  std::string reason;  ///< what went wrong last
};

/// Servers are known by instance id. What is measured (a deadline, a delay) goes by Clock::steady(), so that
/// setting the wall clock does not fail a phase: an engine gives its tasks a clock whose steady() goes on
/// where that of an earlier process was.
struct Memory {
  Time deadline{};
  Time turn{};    ///< EC2's rate lets its next start (stop) through then; none is booked where it is Time{}
  int extra = 0;  ///< looks that were not the pace's (protocol/pace.h)
  int looks = 0;  ///< that were the phase's so far
  Time asked{};   ///< from where the pace goes: when servers were asked last
  int looks_before = 0;  ///< of the pace's looks, those before that
  std::map<std::string, ServerMemory> servers;
  AlarmMemory alarms;
};

/// A phase's memory of its members: what `task` brings, or on the first look a new one. Error: bad_input
/// "InvalidPayload".
Result<Memory> recall(const ReconcilePayload& task, const Clock& clock);

/// Compact: servers without a story have no entry, those with the same share one, so that thousands fit into
/// a payload.
json::value to_json(const Memory& memory);

}  // namespace lamplighter::tasks
