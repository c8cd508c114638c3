// The task `warn`: what it is asked and what it answers, written and read (docs/tasks.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/environment.h"
#include "tasks/protocol/lease.h"
#include "tasks/protocol/occurrence.h"

namespace lamplighter::tasks {

inline constexpr std::string_view kWarn = "warn";

/// The member of a warning's input, and of the payload: so many seconds after it the stop is due.
inline constexpr std::string_view kAhead = "ahead";

struct WarnPayload {
  std::string fleet;
  std::string timezone;                            ///< of its readers, an IANA name
  std::vector<DescribedEnvironment> environments;  ///< all of the fleet
  std::vector<std::string> chosen;                 ///< those that are stopped; empty for all
  Occurrence occurrence;                           ///< of the warning
  Duration ahead{0};
  Coordination coordination{};

  friend bool operator==(const WarnPayload&, const WarnPayload&) = default;
};

/// An environment that the stop will reach.
struct WarnedEnvironment {
  std::string name;
  std::string reason;  ///< what of it runs

  friend bool operator==(const WarnedEnvironment&, const WarnedEnvironment&) = default;
};

/// A message, for `notify`.
struct WarnAnswer {
  std::string subject;  ///< "" where nobody is to be warned
  std::string body;
  Time due{};  ///< the stop
  std::vector<WarnedEnvironment> environments{};

  friend bool operator==(const WarnAnswer&, const WarnAnswer&) = default;
};

json::object to_json(const WarnPayload& payload);
json::object to_json(const WarnAnswer& answer);

/// Error: bad_input kInvalidPayload.
Result<WarnPayload> read_warn_payload(const json::value& payload);

/// What the schedule of a warning gives the executions that it starts.
json::object warning_input(const ScheduleInput& input, Duration ahead);

}  // namespace lamplighter::tasks
