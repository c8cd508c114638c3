// The fleet: everything that one fleet file describes. Plain data, filled by parse.h, read by machine/ and
// whoever runs it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "schedule/ical.h"
#include "tasks/protocol/action.h"
#include "tasks/protocol/alarm_match.h"
#include "tasks/protocol/lease.h"
#include "tasks/protocol/selector.h"
#include "tasks/protocol/webhook.h"

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

/// A named set of days: those that are listed, and those of an iCalendar file. A day is one of the zone of
/// whoever asks.
struct Calendar {
  std::string name;
  std::vector<schedule::DayRange> dates;
  std::string ical_file;                       ///< as the fleet file names it; "" for none
  std::shared_ptr<const schedule::Ical> ical;  ///< what it says; nullptr where it was not read
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
  std::vector<std::string> except = {};  ///< calendars: on their days it does not run
  std::vector<std::string> only = {};    ///< calendars: it runs on no other days; empty for any day
  Duration warn{0};                      ///< people are told so long before a stop; 0: they aren't
  Duration ahead{0};                     ///< it is due so much earlier than its expression says (warnings.h)
};

/// What somebody wants to be told of.
enum class Occasion {
  always,   ///< each run's report, but of one of which all was skipped
  aborted,  ///< the report of a run that was aborted
  skipped,  ///< the report of a run that left an environment out, as was decided
  missed,   ///< occurrences that the daemon missed
  warning   ///< a schedule's stop that comes
};

/// Who is told: a topic, a webhook or a bus, just one of them.
struct Notify {
  std::string sns;                  ///< topic name or ARN; "" for none
  std::string region;               ///< of the topic, the bus, the webhook's SSM parameters; "" for no matter
  std::vector<std::string> emails;  ///< for synth: addresses to subscribe to the topic
  std::optional<tasks::Webhook> webhook = std::nullopt;
  std::string bus = {};  ///< EventBridge's, by name or ARN; "" for none
  std::vector<Occasion> on{Occasion::always, Occasion::warning};
};

struct Fleet {
  std::string name;
  std::string region;
  std::string timezone = "UTC";  ///< an IANA name: of reports, and of schedules that name none
  std::vector<Environment> environments;
  std::vector<Schedule> schedules;
  std::vector<Notify> notify;  ///< each recipient once
  tasks::AlarmMatch alarms = tasks::AlarmMatch::dimension;
  Duration unmute_after{std::chrono::minutes{15}};  ///< after a start an alarm that is not OK is heard again
  tasks::Coordination coordination{};               ///< where runs agree on who acts
  tasks::OnConflict on_conflict = tasks::OnConflict::takeover;
  std::vector<std::string>
      classic;  ///< "dev/app": the phase behind each phase_number of the original function; "" for none
  std::vector<Calendar> calendars = {};
};

}  // namespace lamplighter::fleet
