#include "tasks/batch.h"

#include <algorithm>
#include <optional>

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

class Separation {
 public:
  Separation(const std::function<Status(const Ids&)>& call, BatchOutcome& outcome)
      : call_(call), outcome_(outcome) {}

  void work_on(const Ids& ids) {
    if (ids.empty()) return;
    if (stopped_) return leave(ids, *stopped_);
    if (calls_ == kMaxCalls) return leave(ids, {ErrorKind::aws, "TooManyRefusals", "not tried alone yet"});
    ++calls_;
    const Status status = call_(ids);
    if (status) {
      outcome_.accepted.insert(outcome_.accepted.end(), ids.begin(), ids.end());
    } else if (refusal_of(status.error()) == Refusal::of_everyone) {
      stopped_ = status.error();
      leave(ids, *stopped_);
    } else {
      separate(ids, status.error());
    }
  }

 private:
  /// Finds whom of `ids` a refusal is about.
  void separate(Ids ids, const Error& error) {
    const Ids named = ids.size() == 1 ? ids : aws::ids_named_in(error.message, ids);
    if (named.size() == 1) {
      outcome_.refused.push_back({named.front(), error, true});
      ids.erase(std::find(ids.begin(), ids.end(), named.front()));
      return work_on(ids);
    }
    const auto middle = ids.begin() + static_cast<std::ptrdiff_t>(ids.size() / 2);
    work_on({ids.begin(), middle});
    work_on({middle, ids.end()});
  }
  void leave(const Ids& ids, const Error& error) {
    for (const auto& id : ids) outcome_.refused.push_back({id, error, false});
  }

  const std::function<Status(const Ids&)>& call_;
  BatchOutcome& outcome_;
  std::optional<Error> stopped_;  // a refusal of everyone: no more calls
  int calls_ = 0;
};

}  // namespace

BatchOutcome call_in_batches(const Ids& ids, const std::function<Status(const Ids&)>& call) {
  BatchOutcome outcome;
  Separation separation(call, outcome);
  for (std::size_t begin = 0; begin < ids.size(); begin += kBatch) {
    const auto first = ids.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = ids.begin() + static_cast<std::ptrdiff_t>(std::min(begin + kBatch, ids.size()));
    separation.work_on({first, last});
  }
  return outcome;
}

}  // namespace lamplighter::tasks
