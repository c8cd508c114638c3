// Setting, taking away and finding marks on alarms: many at once through the tagging API; where that isn't
// there or not permitted, one by one through CloudWatch.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "aws/services/cloudwatch.h"
#include "aws/services/tagging.h"
#include "tasks/alarm_mark.h"

namespace lamplighter::tasks {

/// Marks by the ARNs of their alarms.
using AlarmMarks = std::map<std::string, AlarmTags>;

/// For one region and role. Remembers whether the tagging API serves. For one thread at a time.
class AlarmTagger {
 public:
  static constexpr std::size_t kMostAlarms = aws::Tagging::kMostArns;

  AlarmTagger(aws::Caller& caller, const aws::Target& target, bool& one_by_one)
      : tagging_(caller, target), cloudwatch_(caller, target), one_by_one_(one_by_one) {}

  /// At most kMostAlarms. Gives those that it did not reach; an alarm that is gone is not among them. Error:
  /// what passes, or concerns everyone; then nothing is known about any of them.
  Result<aws::FailedResources> set(const std::vector<std::string>& arns, const AlarmTags& tags);
  Result<aws::FailedResources> take_away(const std::vector<std::string>& arns);

  /// How far the marks of a region were found.
  struct Search {
    aws::TaggedListing listing;
    std::size_t asked = 0;  ///< of the alarms, one by one
    AlarmMarks marks;
    bool complete = false;
  };
  /// Goes on with the search among `alarms`, which are all of the region. After an error it stands where that
  /// came.
  Status find(const std::vector<aws::Alarm>& alarms, Search& search);

 private:
  template <class Many, class One>
  Result<aws::FailedResources> change(const std::vector<std::string>& arns, Many many, One one);

  aws::Tagging tagging_;
  aws::CloudWatch cloudwatch_;
  bool& one_by_one_;
};

/// Whether an alarm was deleted since it was listed; then there is nothing to do for it.
bool is_gone(const Error& error);

}  // namespace lamplighter::tasks
