// What a refusal by AWS means for the servers that a call was about.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace lamplighter::tasks {

enum class Refusal {
  of_everyone,  ///< throttled, out of reach, out of order: no server's fault; the same call may pass later
  of_server,    ///< one server's sake (no capacity, a state in between): the others may pass without it
  for_good,     ///< not permitted or not possible: asking again is no use
};

/// By the error's code. Codes that are not known are taken for one server's sake: the worst that costs is
/// calls.
Refusal refusal_of(const Error& error);

/// What a person may have to permit, where a server's StateReason says no more than its code: "" or words
/// that go on behind the reason.
std::string_view remedy_of(std::string_view state_reason_code);

/// "InsufficientInstanceCapacity: there is no …", on one line and at most 280 bytes: reasons are kept in
/// payloads, and some of AWS's messages carry kilobytes of encoded detail. What is longer loses its middle:
/// the code stands in front, and an authorization message says at its end which policy denies what.
std::string describe(const Error& error);
std::string shorten_reason(std::string reason);

}  // namespace lamplighter::tasks
