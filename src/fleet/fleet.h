// The fleet: everything that one fleet file describes. Plain data, filled by parse.h, read by machine/ and
// whoever runs it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "tasks/protocol/action.h"
#include "tasks/protocol/alarm_match.h"
#include "tasks/protocol/lease.h"
#include "tasks/protocol/selector.h"

namespace lamplighter::fleet {

struct Phase {
  std::string name;
  tasks::Selector servers;
  Duration settle{0};                          ///< after healthy, before the next phase starts
  Duration timeout{std::chrono::minutes{15}};  ///< to become ready
};

struct Environment {
  std::string name;
  std::string region;
  std::string role_arn;       ///< "" for the caller's own credentials
  std::vector<Phase> phases;  ///< in start order
  std::string account = {};   ///< the one that it must be in; "" for any
};

/// How often, and for how long since it was due, an occurrence whose execution could not be started is tried
/// again.
struct Retry {
  int attempts = 185;                   ///< after the first try
  Duration age{std::chrono::hours{1}};  ///< at least 60 s, else at most the schedule's `late`
};

struct Schedule {
  std::string name;
  tasks::Action action = tasks::Action::start;
  std::vector<std::string> environments;  ///< empty for all
  std::string expression;        ///< "cron(0 6 ? * MON-FRI *)", "rate(12 hours)", "at(2026-12-24T06:00:00)"
  std::string timezone = "UTC";  ///< an IANA name
  Duration flexible_window{0};
  std::optional<Time> start_date;
  std::optional<Time> end_date;
  Duration late{std::chrono::hours{1}};  ///< how old a missed occurrence may be to be made up for; 0: never
  Retry retry = {};
};

struct Notify {
  std::string sns;                  ///< topic name or ARN; "" for no report
  std::string region;               ///< where the topic is
  std::vector<std::string> emails;  ///< for synth: addresses to subscribe
};

struct Fleet {
  std::string name;
  std::string region;
  std::string timezone = "UTC";  ///< an IANA name: of reports, and of schedules that name none
  std::vector<Environment> environments;
  std::vector<Schedule> schedules;
  Notify notify;
  tasks::AlarmMatch alarms = tasks::AlarmMatch::dimension;
  Duration unmute_after{std::chrono::minutes{15}};  ///< after a start an alarm that is not OK is heard again
  tasks::Coordination coordination{};  ///< where runs agree on who acts
  tasks::OnConflict on_conflict = tasks::OnConflict::takeover;
  std::vector<std::string>
      classic;  ///< "dev/app": the phase behind each phase_number of the original function; "" for none
};

}  // namespace lamplighter::fleet
