#include "tasks/batch.h"

#include <algorithm>
#include <optional>

#include "tasks/refusal.h"

namespace lamplighter::tasks {
namespace {

using Ids = std::vector<std::string>;

// EC2 also counts the servers of a call (StartInstances: 1,000, and 2 more a second): small batches go
// through as the tokens come, a large one might wait for ever.
constexpr std::size_t kBatch = 100;
constexpr int kMaxCalls = 40;
constexpr int kConvincing = 3;  // this many servers refused alone, and none granted: it is everyone

class Bisection {
 public:
  Bisection(const std::function<Status(const Ids&)>& call, BatchOutcome& outcome)
      : call_(call), outcome_(outcome) {}

  void work_on(const Ids& ids) {
    if (stopped_) return refuse(ids, *stopped_);
    if (calls_ == kMaxCalls) return refuse(ids, {ErrorKind::aws, "TooManyRefusals", "not tried alone yet"});
    ++calls_;
    const Status status = call_(ids);
    if (status) {
      outcome_.accepted.insert(outcome_.accepted.end(), ids.begin(), ids.end());
      return;
    }
    last_ = status.error();
    if (refusal_of(last_) == Refusal::of_everyone) {
      stopped_ = last_;
      refuse(ids, last_);
    } else if (ids.size() == 1) {
      refuse_alone(ids.front());
    } else {
      const auto middle = ids.begin() + static_cast<std::ptrdiff_t>(ids.size() / 2);
      work_on({ids.begin(), middle});
      work_on({middle, ids.end()});
    }
  }

 private:
  void refuse_alone(const std::string& id) {
    outcome_.refused.push_back({id, last_, true});
    if (refusal_of(last_) != Refusal::for_good) return;
    if (++refused_for_good_ == kConvincing && outcome_.accepted.empty()) stopped_ = last_;
  }
  void refuse(const Ids& ids, const Error& error) {
    const bool settled = refusal_of(error) == Refusal::for_good;
    for (const auto& id : ids) outcome_.refused.push_back({id, error, settled});
  }

  const std::function<Status(const Ids&)>& call_;
  BatchOutcome& outcome_;
  std::optional<Error> stopped_;  // a refusal of everyone: no more calls
  Error last_;
  int calls_ = 0;
  int refused_for_good_ = 0;
};

}  // namespace

BatchOutcome call_in_batches(const Ids& ids, const std::function<Status(const Ids&)>& call) {
  BatchOutcome outcome;
  Bisection bisection(call, outcome);
  for (std::size_t begin = 0; begin < ids.size(); begin += kBatch) {
    const auto first = ids.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = ids.begin() + static_cast<std::ptrdiff_t>(std::min(begin + kBatch, ids.size()));
    bisection.work_on({first, last});
  }
  return outcome;
}

}  // namespace lamplighter::tasks
