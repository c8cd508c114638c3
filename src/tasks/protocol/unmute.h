// What unmute is asked and what it answers (docs/tasks.md), written and read: which environments' alarms get
// their voice back, and which wait for it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/action.h"
#include "tasks/protocol/alarm_match.h"
#include "tasks/protocol/environment.h"
#include "tasks/protocol/lease.h"

namespace lamplighter::tasks {

/// The task's name: its payload's member "task".
inline constexpr std::string_view kUnmute = "unmute";

struct UnmutePayload {
  Action action = Action::start;
  std::string fleet;
  std::vector<DescribedEnvironment> environments;  ///< of this run
  Time since{};                                    ///< when the report was made, by the wall clock
  AlarmMatch alarms = AlarmMatch::dimension;
  Duration unmute_after{0};  ///< from then on an alarm has its voice even if it is not OK
  int looks = 1;             ///< that are left, this one included
  Coordination coordination{};
  Generations leases{};  ///< of the environments that have one
  std::string execution;
  std::optional<Time> began{};  ///< the execution; what later ones have muted is theirs

  friend bool operator==(const UnmutePayload&, const UnmutePayload&) = default;
};

struct UnmuteAnswer {
  bool done = false;
  int wait_seconds = 1;               ///< before the next look
  int enabled = 0;                    ///< alarms to which this look gave their voice
  std::vector<std::string> left;      ///< alarms that are still muted and should not stay so; some of many
  std::vector<std::string> troubles;  ///< of the last look
  std::map<std::string, int> later;   ///< alarms that stay muted for later executions, which are named; some

  friend bool operator==(const UnmuteAnswer&, const UnmuteAnswer&) = default;
};

/// What somebody has to see to, should nobody look again: "alarms that are still muted: a, b; …"; "" where
/// all is well.
std::string muted_words(const std::vector<std::string>& left, const std::vector<std::string>& troubles);

json::object to_json(const UnmutePayload& payload);
json::object to_json(const UnmuteAnswer& answer);

/// Error: bad_input kInvalidPayload (kInvalidAnswer) that names the member, what was found and what was
/// expected.
Result<UnmutePayload> read_unmute_payload(const json::value& payload);
Result<UnmuteAnswer> read_unmute_answer(const json::value& answer);

}  // namespace lamplighter::tasks
