// What a task is asked to do: the payloads of docs/tasks.md as plain data, written and read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/action.h"
#include "tasks/protocol/alarm_match.h"
#include "tasks/protocol/pace.h"
#include "tasks/protocol/selector.h"

namespace lamplighter::tasks {

/// The code of every error about a payload.
inline constexpr std::string_view kInvalidPayload = "InvalidPayload";

/// The tasks' names: a payload's member "task".
inline constexpr std::string_view kReconcile = "reconcile";
inline constexpr std::string_view kReport = "report";

struct ReconcilePayload {
  Action action = Action::start;
  std::string fleet;
  std::string environment;
  std::string phase;
  std::string region;
  std::string role_arn;  ///< "" for the caller's own credentials
  Selector servers;
  std::size_t servers_listed = 100;  ///< how many servers an ended phase's answer may list one by one
  Duration timeout{0};
  AlarmMatch alarms = AlarmMatch::dimension;
  Pace wait;
  std::string execution;
  json::value memory;  ///< null on the first look

  friend bool operator==(const ReconcilePayload&, const ReconcilePayload&) = default;
};

struct ReportPhase {
  std::string name;
  Selector servers;

  friend bool operator==(const ReportPhase&, const ReportPhase&) = default;
};

struct ReportEnvironment {
  std::string name;
  std::string region;
  std::string role_arn;             ///< "" for the caller's own credentials
  std::vector<ReportPhase> phases;  ///< in the order in which the action works on them

  friend bool operator==(const ReportEnvironment&, const ReportEnvironment&) = default;
};

struct ReportPayload {
  Action action = Action::start;
  std::string fleet;
  std::string topic;  ///< a name or an ARN; "" sends nothing
  std::string region;
  std::string execution;
  std::string execution_name;
  Time started_at{};
  std::vector<ReportEnvironment> environments;
  json::array results;  ///< what the environments' branches ended with (branch_end.h)

  friend bool operator==(const ReportPayload&, const ReportPayload&) = default;
};

/// Empty roles and topics are left out: asl-validator takes no empty texts.
json::object to_json(const ReconcilePayload& payload);
json::object to_json(const ReportPayload& payload);

/// Error: bad_input kInvalidPayload that names the member, what was found and what was expected.
Result<ReconcilePayload> read_reconcile_payload(const json::value& payload);
Result<ReportPayload> read_report_payload(const json::value& payload);

}  // namespace lamplighter::tasks
