// What can go wrong in the simulated cloud, and how it is asked for on the command line
// (docs/simulated-cloud.md).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace lamplighter::simcloud {

enum class FaultKind {
  // Of a server.
  capacity,         ///< StartInstances of the server: InsufficientInstanceCapacity, as HTTP 500
  no_host,          ///< the same of a server with host affinity: InsufficientHostCapacity
  relapse,          ///< a start is accepted, then the server stops again with a StateReason
  stuck,            ///< the server stays pending (stopping) for ever
  impaired,         ///< its status checks fail
  impaired_volume,  ///< its attached EBS status check fails, the other two pass
  ringing,          ///< its alarms are in ALARM while it runs, however well it is
  stop_protected,   ///< StopInstances: OperationNotPermitted
  one_time_spot,    ///< StopInstances: UnsupportedOperation, as of a one-time Spot request
  instance_store,   ///< StopInstances: UnsupportedOperation, as of an instance store's root device
  denied,           ///< Start- and StopInstances: UnauthorizedOperation, as by a policy on its tags
  gone,             ///< every call that names its id: InvalidInstanceID.NotFound; lists still show it
  missing,          ///< there is no such server
  // Of a topic.
  topic_missing,     ///< there is no such topic
  topic_denied,      ///< Publish: AuthorizationError
  topic_key,         ///< Publish: KMSAccessDenied, as of an encrypted topic whose key may not be used
  topic_throttled,   ///< Publish: Throttling
  topic_lost,        ///< Publish: the connection is reset, and the mail isn't taken
  topic_unanswered,  ///< Publish: the mail is taken, then the connection is reset
  // Of a table.
  table_missing,     ///< there is no such table
  table_denied,      ///< its items: AccessDeniedException
  table_throttled,   ///< the same with ProvisionedThroughputExceededException
  table_unanswered,  ///< PutItem: the item is put, then the connection is reset
  // Of a call.
  throttle,  ///< refused with RequestLimitExceeded
  error,     ///< ends with an internal error, HTTP 500
  reset,     ///< the connection is reset
};

/// What a fault befalls.
enum class FaultOf { server, topic, table, call };
FaultOf fault_of(FaultKind kind);

/// "KIND:SERVER[*N]" for the kinds of a server, "KIND:TOPIC[*N]" for those of a topic,
/// "KIND:TABLE[*N]" for those of a table, "KIND:PROBABILITY[*N]" for those of a call.
struct Fault {
  FaultKind kind{};
  std::string server;      ///< its Name, for the kinds of a server; the topic's or table's for those
  double probability = 0;  ///< for those of a call
  int times = -1;          ///< the first N times only; -1: always
};

/// Error: bad_input "InvalidFault" that names the kinds and the form.
Result<Fault> parse_fault(std::string_view text);

}  // namespace lamplighter::simcloud
