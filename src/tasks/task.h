// The tasks that a compiled state machine asks for, behind one door: a payload in, an answer out. The same
// handler serves the embedded engine, the Lambda and the CLI. The payloads are docs/tasks.md.
#pragma once

#include <string>

#include "aws/client/caller.h"
#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"

namespace lamplighter::coordination {
class Table;
}

namespace lamplighter::tasks {

class AlarmDesks;
class Holders;
class Lookout;
struct Outside;

/// What tasks work with. What is referred to must outlive the calls, and is used from several threads.
struct Context {
  aws::Caller& caller;
  Clock& clock;
  bool again = false;            ///< the task may have been run before, by a process that died within it
  Lookout* lookout = nullptr;    ///< shared by all tasks of a process; nullptr: each looks for itself
  AlarmDesks* alarms = nullptr;  ///< likewise, about alarms
  bool in_lambda = false;        ///< Step Functions keeps the execution, not a state directory
  coordination::Table* table = nullptr;  ///< the engine's own; nullptr where it has none
  const Holders* holders = nullptr;      ///< how its executions stand; nullptr where nobody can say
  std::string engine{};                  ///< its id, where other engines' executions may have the same ARNs
  const Outside* outside = nullptr;      ///< what webhooks need; nullptr where there are none

  /// The same by way of another caller.
  [[nodiscard]] Context through(aws::Caller& other) const {
    return {other, clock, again, lookout, alarms, in_lambda, table, holders, engine, outside};
  }
};

/// Runs the task that `payload` names (docs/tasks.md). Nothing in it waits for servers: it looks,
/// does what is missing and answers. Error: bad_input "InvalidPayload" for a payload that is none of
/// docs/tasks.md; aws with AWS's code where nothing could be found out at all. What goes wrong with single
/// servers is in the answer.
Result<json::value> run_task(const Context& context, const json::value& payload);

}  // namespace lamplighter::tasks
