// Events of the Python function that Lamplighter replaces, served as they are (docs/lambda.md): one group of
// servers brought up or down in one invocation, and the mail at the end.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/payload.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// A group of servers; one without an environment is empty.
struct ClassicPhase {
  std::string environment;
  std::string phase;
  std::string region;
  std::string role_arn;
  Selector servers;
  Duration timeout{0};
  AlarmMatch alarms = AlarmMatch::dimension;
};

/// What the events' numbers mean.
struct ClassicFleet {
  std::string name;
  std::string topic;                 ///< a name or an ARN
  std::string region;                ///< the topic's
  std::vector<ClassicPhase> phases;  ///< phase_number N means phases[N]
};

/// One invocation.
struct ClassicCall {
  Time deadline{};                            ///< when the function is ended; its last 30 s are not waited in
  std::function<void(std::string_view)> say;  ///< takes a line for the log
};

/// Whether `event` is one of these, be it well-formed or not.
bool is_classic(const json::value& event);

/// A phase's event: acts, waits on the clock until the group is ready, and answers {statusCode, next_phase,
/// initial_state}. A mail's event: sends the report, answers {statusCode}. Error: bad_input "InvalidEvent"
/// that says what was expected, with nothing done; aws, where nothing could be found out or the mail not be
/// sent.
Result<json::value> run_classic(const Context& context, const ClassicFleet& fleet, const ClassicCall& call,
                                const json::value& event);

}  // namespace lamplighter::tasks
