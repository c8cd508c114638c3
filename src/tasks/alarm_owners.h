// Which alarms belong to which servers. Pure: it looks at names, dimensions and rules alone.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "aws/services/cloudwatch.h"
#include "tasks/protocol/alarm_match.h"
#include "tasks/servers.h"

namespace lamplighter::tasks {

/// Finds the owners of alarms among some servers.
class AlarmOwners {
 public:
  /// `known_names`: the names of all servers that the fleet knows, so that an alarm of "web prod" is not
  /// taken for one of "web".
  AlarmOwners(AlarmMatch match, const std::vector<Server>& servers,
              const std::vector<std::string>& known_names);

  /// The ids of the servers that a metric alarm belongs to, sorted; empty where it is none of theirs. One
  /// with InstanceId dimensions belongs to those instances alone; with dimension_or_name, one without belongs
  /// to the servers whose names stand in its own as whole words, the longest name at a place.
  [[nodiscard]] std::vector<std::string> of(const aws::Alarm& alarm) const;

 private:
  [[nodiscard]] std::vector<std::string> by_dimension(const aws::Alarm& alarm) const;
  [[nodiscard]] std::vector<std::string> by_name(const std::string& name) const;

  AlarmMatch match_;
  std::set<std::string> ids_;
  std::map<std::string, std::vector<std::string>, std::less<>> names_;  ///< to ids; none for known names
  std::set<std::size_t, std::greater<>> lengths_;                       ///< of the names
};

/// Whether the word at [begin, end) of `text` is whole: no letter, digit or byte beyond ASCII beside it, nor
/// a hyphen or underscore behind which the word goes on: "web-elb-5xx" holds no "web".
bool is_whole_word(std::string_view text, std::size_t begin, std::size_t end);

/// A composite alarm that asks for alarms of a phase's servers.
struct Composite {
  const aws::Alarm* alarm = nullptr;
  std::string loud;  ///< the first alarm of its rule that is not muted by this run; "": it may be muted too
};

/// The composites among `alarms` that ask, directly or through others, for one of `own` (alarms' names),
/// enabled or not. `muted` says whether an alarm is muted by this run.
std::vector<Composite> composites_over(const std::vector<aws::Alarm>& alarms,
                                       const std::set<std::string>& own,
                                       const std::function<bool(const aws::Alarm&)>& muted);

}  // namespace lamplighter::tasks
