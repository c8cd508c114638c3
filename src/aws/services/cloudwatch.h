// Amazon CloudWatch alarms, API version 2010-08-01.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "aws/client/pages_so_far.h"

namespace lamplighter::aws {

/// An alarm, as DescribeAlarms gives it.
struct Alarm {
  std::string name;
  std::string arn;
  bool actions_enabled = false;
  /// Its own dimensions and those of its Metrics' MetricStats: metric math may name several instances.
  std::multimap<std::string, std::string> dimensions{};
  std::string state{};  ///< StateValue: "OK", "ALARM" or "INSUFFICIENT_DATA"
  std::string rule{};   ///< a composite alarm's AlarmRule; "" for a metric alarm
};

/// The alarms of a region, as far as they were listed.
struct AlarmListing {
  std::vector<Alarm> alarms;
  PagesSoFar pages;
  bool complete = false;
};

/// Calls of one region and role. Keeps a reference to `caller`; cheap to make.
class CloudWatch {
 public:
  CloudWatch(Caller& caller, Target target) : caller_(caller), target_(std::move(target)) {}

  /// Goes on with a listing until it is complete. After an error it stands at the page that could not be
  /// read: what was listed is kept.
  Status list_alarms(AlarmListing& listing);
  /// All alarms of the region, metric and composite ones.
  Result<std::vector<Alarm>> describe_alarms();

  /// At most 100 names a call; more are split.
  Status disable_alarm_actions(const std::vector<std::string>& names);
  Status enable_alarm_actions(const std::vector<std::string>& names);

  Result<std::map<std::string, std::string>> list_tags(const std::string& alarm_arn);
  Status tag(const std::string& alarm_arn, const std::map<std::string, std::string>& tags);
  Status untag(const std::string& alarm_arn, const std::vector<std::string>& keys);

 private:
  Caller& caller_;
  Target target_;
};

}  // namespace lamplighter::aws
