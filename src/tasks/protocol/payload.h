// What a task is asked to do: the payloads of docs/tasks.md as plain data, and their reading.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client/caller.h"
#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/pacing.h"

namespace lamplighter::tasks {

/// The code of every error about a payload.
inline constexpr std::string_view kInvalidPayload = "InvalidPayload";

enum class Action { start, stop };
std::string_view to_string(Action action);

/// Which alarms belong to a server.
enum class AlarmMatch { none, dimension, dimension_or_name };

/// Tags that a server must all have.
using Tags = std::map<std::string, std::string>;

/// How a phase's servers are found. The parts add up.
struct Selector {
  std::vector<std::string> names{};  ///< Name tags: each must match exactly one server
  std::vector<std::string> ids{};    ///< instance ids
  std::vector<Tags> tags{};          ///< each must find at least one server
};

struct ReconcilePayload {
  Action action = Action::start;
  std::string fleet;
  std::string environment;
  std::string phase;
  aws::Target target;
  Selector servers;
  std::size_t servers_listed = 100;  ///< how many servers an ended phase's answer may list one by one
  Duration timeout{0};
  AlarmMatch alarms = AlarmMatch::dimension;
  Pace wait;
  std::string execution;
  json::value memory;  ///< null on the first look
};

struct ReportPhase {
  std::string name;
  Selector servers;
};

struct ReportEnvironment {
  std::string name;
  aws::Target target;
  std::vector<ReportPhase> phases;  ///< in the order in which the action works on them
};

struct ReportPayload {
  Action action = Action::start;
  std::string fleet;
  std::string topic;  ///< a name or an ARN; "" sends nothing
  std::string region;
  std::string execution_name;
  Time started_at{};
  std::vector<ReportEnvironment> environments;
  json::array results;  ///< what the environments' branches ended with
};

/// Error: bad_input kInvalidPayload that names the member, what was found and what was expected.
Result<ReconcilePayload> read_reconcile_payload(const json::value& payload);
Result<ReportPayload> read_report_payload(const json::value& payload);

}  // namespace lamplighter::tasks
