#include "tasks/batch.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "aws/services/ec2.h"
#include "tasks/refusal.h"

namespace lamplighter::tasks {
namespace {

using Ids = std::vector<std::string>;

// EC2 also counts the servers of a call (StartInstances: 1,000, and 2 more a second): small batches go
// through as the tokens come, a large one might wait for ever.
constexpr std::size_t kBatch = 100;
// Where everything is refused, each server takes a call of its own: of 50 that EC2 grants everybody at once.
constexpr int kMaxCalls = 16;
// A call takes EC2's tokens for the servers that it names: halves would take half as many again.
constexpr std::size_t kParts = 4;

/// What is asked for in one call.
struct Group {
  Ids ids;
  std::size_t together = 0;  ///< as Refused's
};

/// One after another; those of which nothing is known by the hundred.
std::deque<Group> groups_of(const Ids& ids, const Together& together) {
  std::deque<Group> groups;
  for (const std::string& id : ids) {
    const auto found = together.find(id);
    const std::size_t most = found == together.end() ? 0 : found->second;
    const bool fits = !groups.empty() && groups.back().together == most &&
                      groups.back().ids.size() < (most == 0 ? kBatch : most);
    if (!fits) groups.push_back({{}, most});
    groups.back().ids.push_back(id);
  }
  return groups;
}

class Separation {
 public:
  Separation(const std::function<Status(const Ids&)>& call, std::deque<Group> groups)
      : call_(call), groups_(std::move(groups)) {}

  BatchOutcome outcome() && {
    while (!groups_.empty()) {
      const Group group = std::move(groups_.front());
      groups_.pop_front();
      work_on(group);
    }
    return std::move(outcome_);
  }

 private:
  void work_on(const Group& group) {
    if (stopped_) return leave(group, *stopped_);
    if (calls_ == kMaxCalls) {
      return leave(group, {ErrorKind::aws, std::string(kTooManyRefusals), "not tried alone yet"});
    }
    ++calls_;
    const Status status = call_(group.ids);
    if (status) {
      outcome_.accepted.insert(outcome_.accepted.end(), group.ids.begin(), group.ids.end());
    } else if (refusal_of(status.error()) == Refusal::of_everyone) {
      stopped_ = status.error();
      leave(group, *stopped_);
    } else {
      separate(group, status.error());
    }
  }

  /// Finds whom of a group a refusal is about.
  void separate(Group group, const Error& error) {
    Ids& ids = group.ids;
    const Ids named = ids.size() == 1 ? ids : aws::ids_named_in(error.message, ids);
    if (named.size() != 1) return split(ids);
    outcome_.refused.push_back({named.front(), error, true});
    ids.erase(std::find(ids.begin(), ids.end(), named.front()));
    if (!ids.empty()) groups_.push_front(std::move(group));
  }

  /// In equal parts, the last smaller: a next look, which puts groups together by their number, finds the
  /// same.
  void split(const Ids& ids) {
    const std::size_t part = (ids.size() + kParts - 1) / kParts;
    for (std::size_t begin = 0; begin < ids.size(); begin += part) {
      const auto first = ids.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto last = ids.begin() + static_cast<std::ptrdiff_t>(std::min(begin + part, ids.size()));
      groups_.push_back({{first, last}, part});
    }
  }

  void leave(const Group& group, const Error& error) {
    for (const auto& id : group.ids) outcome_.refused.push_back({id, error, false, group.together});
  }

  const std::function<Status(const Ids&)>& call_;
  std::deque<Group> groups_;
  BatchOutcome outcome_;
  std::optional<Error> stopped_;  // a refusal of everyone: no more calls
  int calls_ = 0;
};

}  // namespace

BatchOutcome call_in_batches(const Ids& ids, const std::function<Status(const Ids&)>& call,
                             const Together& together) {
  return Separation(call, groups_of(ids, together)).outcome();
}

}  // namespace lamplighter::tasks
