// Amazon EventBridge: putting events on a bus.
#pragma once

#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "json/json.h"

namespace lamplighter::aws {

struct BusEvent {
  std::string source;
  std::string detail_type;
  json::object detail;
};

/// Of one call.
inline constexpr std::size_t kMostEvents = 10;

/// Calls of one region and role. Keeps a reference to `caller`; cheap to make.
class EventBridge {
 public:
  EventBridge(Caller& caller, Target target) : caller_(caller), target_(std::move(target)) {}

  /// Puts at most kMostEvents on the bus (a name or an ARN, which brings its own region), in one call that is
  /// not made twice: what an error says of them is undelivered_by(). Gives what was refused, "CODE: message"
  /// an event. Errors: the caller's, and "InvalidResponse".
  Result<std::vector<std::string>> put_events(const std::string& bus, const std::vector<BusEvent>& events);

 private:
  Caller& caller_;
  Target target_;
};

}  // namespace lamplighter::aws
