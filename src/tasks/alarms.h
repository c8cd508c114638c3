// Silencing the alarms of servers that are about to be stopped, and giving them back their voice once the
// servers are healthy: exactly those that Lamplighter silenced.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "aws/services/cloudwatch.h"
#include "base/clock.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/timeouts.h"
#include "tasks/servers.h"

namespace lamplighter::tasks {

/// The tag that marks an alarm whose actions Lamplighter disabled; its value says for whom (muted_by()).
inline constexpr std::string_view kMutedTag = "lamplighter:muted";

/// "fleet/environment/phase", within what a tag's value may hold.
std::string muted_by(const ReconcilePayload& task);

/// An alarm that belongs to servers of the phase.
struct ServerAlarm {
  aws::Alarm alarm;
  std::vector<std::string> server_ids;
};

/// The alarms that belong to `servers`, by name. An alarm with InstanceId dimensions belongs to those
/// instances alone; with dimension_or_name, one without belongs to every server whose name its own holds as a
/// whole word.
std::vector<ServerAlarm> alarms_of(const std::vector<Server>& servers, AlarmMatch match,
                                   std::vector<aws::Alarm> alarms);

/// Whether `text` holds `word` with no letter, digit or underscore beside it: "test10-cpu" does not hold
/// "test1".
bool holds_word(std::string_view text, std::string_view word);

/// Whether Lamplighter muted the alarm, by its mark. Error: aws.
Result<bool> is_muted(aws::CloudWatch& cloudwatch, const aws::Alarm& alarm);

/// What one look did about alarms.
struct AlarmWork {
  int changed = 0;             ///< alarms whose actions were disabled (enabled)
  bool finished = false;       ///< nothing is left; false after an error, or when the look's time was used up
  std::optional<Error> error;  ///< what stopped the work
  std::set<std::string> loud;  ///< after muting: servers with an alarm that would still ring
  std::string after;           ///< after unmuting: where to go on
};

/// How long a look may work on alarms (each costs calls of its own), so that no task runs into its timeout.
inline constexpr Duration kAlarmTime = std::chrono::seconds{40};
static_assert(2 * kAlarmTime < kReconcileTimeout, "a look may mute and unmute");

/// Disables the actions of every alarm of `servers` that are enabled, and marks it. On an error every server
/// whose alarms are not known to be silent is in `loud`.
AlarmWork mute_alarms(aws::CloudWatch& cloudwatch, const Clock& clock, const std::vector<Server>& servers,
                      AlarmMatch match, const std::string& muted_by);

/// Enables the actions of every marked alarm whose servers are all in `healthy`, and takes the mark away;
/// goes on behind the alarm called `after`. What has no mark was disabled by a person and stays so.
AlarmWork unmute_alarms(aws::CloudWatch& cloudwatch, const Clock& clock, const std::vector<Server>& servers,
                        AlarmMatch match, const std::set<std::string>& healthy, const std::string& after);

}  // namespace lamplighter::tasks
