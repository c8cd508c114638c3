// What a task is asked to do: the payloads of docs/tasks.md as plain data, written and read.
#pragma once

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
#include "tasks/protocol/membership.h"

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
  Membership members;
  std::size_t room = 20'000;  ///< bytes that an ended phase's answer may take
  Time since{};               ///< when the phase began, by the wall clock: for people
  int passed = 0;             ///< seconds of it that have passed before this look
  Duration timeout{0};
  int looks = 100;  ///< that the phase may take
  int pause = 1;    ///< seconds, the shortest between two looks
  AlarmMatch alarms = AlarmMatch::dimension;
  /// With dimension_or_name: names of other servers of the fleet that hold one of this phase's.
  std::vector<std::string> known_names{};
  std::vector<std::string> chosen{};  ///< the environments of this run; none: all of the fleet
  Coordination coordination{};
  BranchLease lease{};
  int settle = 0;  ///< seconds that the branch waits once the phase is ready
  std::string execution;
  std::optional<Time>
      began{};         ///< the execution, where alarms are muted: of two, the later one's marks count
  json::value memory;  ///< null on the first look

  friend bool operator==(const ReconcilePayload&, const ReconcilePayload&) = default;
};

struct ReportPayload {
  Action action = Action::start;
  std::string fleet;
  std::string execution;
  std::string execution_name;
  std::string timezone;  ///< of its readers, an IANA name; "" for UTC
  Time started_at{};
  std::vector<DescribedEnvironment> environments;  ///< all of the fleet
  AlarmMatch alarms = AlarmMatch::dimension;
  Duration unmute_after{0};      ///< after the report, until every alarm is heard
  std::vector<std::string> ran;  ///< the environments that ran: their alarms get their voice
  Coordination coordination{};
  std::vector<std::string> warnings;  ///< the survey's
  std::string survey_error;           ///< why nothing was done at all; "" where it was
  json::array results;                ///< what the environments' branches ended with (branch_end.h)

  friend bool operator==(const ReportPayload&, const ReportPayload&) = default;
};

/// Empty roles and topics are left out: asl-validator takes no empty texts.
json::object to_json(const ReconcilePayload& payload);
json::object to_json(const ReportPayload& payload);

/// Error: bad_input kInvalidPayload that names the member, what was found and what was expected.
Result<ReconcilePayload> read_reconcile_payload(const json::value& payload);
Result<ReportPayload> read_report_payload(const json::value& payload);

}  // namespace lamplighter::tasks
