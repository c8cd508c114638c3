#include "tasks/alarm_tagger.h"

#include "tasks/refusal.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kAlarmType = "cloudwatch:alarm";
/// What the tagging API says of a resource whose service it does not reach, now or ever.
constexpr std::string_view kNotReached = "InternalServiceException";

bool concerns_everyone(const Error& error) { return refusal_of(error) == Refusal::of_everyone; }

}  // namespace

bool is_gone(const Error& error) {
  return error.code == "ResourceNotFound" || error.code == "ResourceNotFoundException";
}

template <class Many, class One>
Result<aws::FailedResources> AlarmTagger::change(const std::vector<std::string>& arns, Many many, One one) {
  aws::FailedResources failed;
  std::vector<std::string> left = arns;
  if (!one_by_one_) {
    auto at_once = many(arns);
    if (!at_once && concerns_everyone(at_once.error())) return at_once;
    one_by_one_ = !at_once;
    if (at_once) {
      left.clear();
      for (auto& [arn, error] : *at_once) {
        if (is_gone(error)) continue;
        // Throttled within the service: the next look's. All else CloudWatch itself is asked about.
        if (concerns_everyone(error) && error.code != kNotReached) {
          failed.emplace(arn, std::move(error));
        } else {
          left.push_back(arn);
        }
      }
      one_by_one_ = left.size() == arns.size();
    }
  }
  for (const auto& arn : left) {
    const Status status = one(arn);
    if (!status && !is_gone(status.error())) failed.emplace(arn, status.error());
  }
  return failed;
}

Result<aws::FailedResources> AlarmTagger::set(const std::vector<std::string>& arns, const AlarmTags& tags) {
  return change(
      arns, [&](const auto& all) { return tagging_.tag(all, tags); },
      [&](const auto& arn) { return cloudwatch_.tag(arn, tags); });
}

Result<aws::FailedResources> AlarmTagger::take_away(const std::vector<std::string>& arns) {
  const std::vector<std::string> keys{std::string(kMutedTag), std::string(kMutedByTag)};
  return change(
      arns, [&](const auto& all) { return tagging_.untag(all, keys); },
      [&](const auto& arn) { return cloudwatch_.untag(arn, keys); });
}

// The tagging API knows all marks at once. Where it gives none, although alarms are silent, it may not know
// alarms at all, as some endpoints that stand for AWS: then those are asked one by one.
Status AlarmTagger::find(const std::vector<aws::Alarm>& alarms, Search& search) {
  if (!one_by_one_ && !search.listing.complete) {
    const auto listed = tagging_.list(kAlarmType, kMutedTag, search.listing);
    if (!listed && concerns_everyone(listed.error())) return listed;
    one_by_one_ = !listed;
    for (auto& resource : search.listing.resources) search.marks[resource.arn] = std::move(resource.tags);
    search.listing.resources.clear();
  }
  const bool ask = one_by_one_ || search.marks.empty() || search.asked > 0;
  for (; ask && search.asked < alarms.size(); ++search.asked) {
    const auto& alarm = alarms[search.asked];
    if (alarm.actions_enabled) continue;
    auto tags = cloudwatch_.list_tags(alarm.arn);
    if (!tags && concerns_everyone(tags.error())) return tl::unexpected(tags.error());
    if (tags && tags->count(std::string(kMutedTag)) > 0) search.marks[alarm.arn] = *std::move(tags);
  }
  search.complete = true;
  return {};
}

}  // namespace lamplighter::tasks
